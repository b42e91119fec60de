import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { formatProvisionLinks } from '../../src/main/codes/provision-links.ts'
import { openConsole } from '../../src/main/console.ts'
import { loadWithGets, percentile } from './http-load.ts'
import { median, type Bench } from './row.ts'

const codes = 2_000
const connections = 32
/** Of the reference, which is slow: enough of them for its median to settle. */
const referenceRequests = 300

/**
 * The picture of a QR code as a mail reader fetches it, from the real `provision portal` in a process of its own, against a
 * server around `qrcode.toBuffer` in another. Every request is for another signed text with a live code.
 */
export async function bench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-bench-'))
  const paths = await issueCodes(folder)
  const portal = await start(path.join(import.meta.dirname, '../../src/main/cli.ts'), [
    '--data',
    folder,
    'portal',
    '--no-tls',
    '--host=127.0.0.1',
    '--port=0'
  ])
  const reference = await start(path.join(import.meta.dirname, 'qrcode-server.ts'), [])
  /** Of each round, of which the median counts: one that another program disturbed says nothing. */
  const slowestMs: number[] = []
  return {
    rows: [
      {
        kind: 'speed',
        name: `getQRCode, ${connections} connections, distinct texts`,
        ours: {
          operations: codes,
          run: async () => {
            slowestMs.push(percentile(await loadWithGets(portal, paths, connections), 0.99))
          }
        },
        reference: {
          name: 'qrcode.toBuffer server',
          operations: referenceRequests,
          run: async () => void (await loadWithGets(reference, paths.slice(0, referenceRequests), connections))
        },
        holdRatio: 6,
        aimRatio: 20,
        rounds: 7
      },
      {
        kind: 'limit',
        name: 'p99 of those',
        unit: 'ms',
        measure: () => median(slowestMs),
        hold: { atMost: 30 }
      }
    ],
    close: () => {
      portal.child.kill('SIGKILL')
      reference.child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Paths of pictures of live codes. */
async function issueCodes(folder: string): Promise<string[]> {
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const sources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }
  const opened = await openConsole({ folder, sources, log })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> => {
    const result = await opened.dispatch(name, input, { role: 'administrator', actor: 'bench' })
    if (!result.ok) throw new Error(result.error.message)
    return result.value as CallOutput<typeof name>
  }
  const names = Array.from({ length: codes }, (_, index) => `firstname.lastname.${index}@example.com`)
  await call('users:import', {
    content: new TextEncoder().encode(['username,group', ...names.map((name) => `${name},Staff`)].join('\n'))
  })
  const { issued } = await call('codes:issue', { selection: { usernames: names }, reveal: true })
  const settings = await opened.portal.readSettings()
  const { signing } = opened.portal
  const paths: string[] = []
  for (const { username, code = '' } of issued) {
    const { user } = await call('users:show', { username })
    const { imageUrl } = formatProvisionLinks(settings, signing, { userId: user.id, username, code })
    const { pathname, search } = new URL(imageUrl)
    paths.push(pathname + search)
  }
  await opened.close()
  return paths
}

/** A program that says on its standard output where it listens. */
function start(program: string, args: string[]): Promise<{ child: ChildProcess; host: string; port: number }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]
      if (port !== undefined) resolve({ child, host: '127.0.0.1', port: Number(port) })
    })
    child.once('exit', (code) => reject(new Error(`${path.basename(program)} ended with ${code}`)))
  })
}
