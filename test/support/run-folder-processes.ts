import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./folder-process.ts', import.meta.url))

/** Runs programs of their own on one folder, which begin together once all are loaded, and returns what each says. */
export async function runFolderProcesses(
  folder: string,
  act: 'open' | 'add-slots' | 'count' | 'attempt',
  count: number,
  environment: Record<string, string> = {}
): Promise<Record<string, unknown>[]> {
  const programs = Array.from({ length: count }, () => {
    const program = spawn(process.execPath, [script, folder, act], { env: { ...process.env, ...environment } })
    const ended = once(program, 'close')
    const said = text(program.stdout)
    const complained = text(program.stderr)
    return { program, ready: Promise.race([once(program.stdout, 'data'), ended]), ended, said, complained }
  })
  await Promise.all(programs.map(({ ready }) => ready))
  for (const { program } of programs) program.stdin.end('go\n')
  return Promise.all(
    programs.map(async ({ ended, said, complained }) => {
      const [exitCode] = (await ended) as [number | null]
      if (exitCode !== 0) throw new Error(`A program on the folder ended with ${exitCode}: ${await complained}`)
      return JSON.parse((await said).replace('ready\n', '')) as Record<string, unknown>
    })
  )
}
