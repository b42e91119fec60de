#!/usr/bin/env node
import { setTimeout } from 'node:timers'

// better-sqlite3's binaries crash on an older Node-API than this instead of refusing it.
if (Number(process.versions.napi) < 10 && !process.versions['electron']) {
  process.stderr.write(
    `provision: Node ${process.versions.node} is too old; 22.12 or later is needed (npx provision brings its own).\n`
  )
  process.exit(1)
}

const { runCommandLine } = await import('./cli/program.ts')

const stopping = new AbortController()
process.once('SIGINT', () => {
  stopping.abort()
  // A chunk of a bulk act ends well within this; whatever else is waited for may be left.
  setTimeout(() => process.exit(130), 3_000).unref()
})

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  { ...streams(), environment: process.env },
  stopping.signal
)

function streams() {
  const { stdin, stdout, stderr } = process
  return { stdin, stdout, stderr }
}
