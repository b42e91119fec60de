import { createInterface } from 'node:readline'

/** The terminal or pipes that a command line runs on; tests bring their own. */
export interface Terminal {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(mode: boolean): unknown }
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  environment: NodeJS.ProcessEnv
}

/** A person to ask: both ends are a terminal. */
export function canAsk({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** One line typed by a person; what a secret's keys type is not shown. Null when the input ended instead. */
export async function ask(terminal: Terminal, question: string, isSecret = false): Promise<string | null> {
  const { stdin, stderr } = terminal
  stderr.write(question)
  const lines = createInterface({
    input: stdin,
    terminal: isSecret && stdin.isTTY === true,
    ...(isSecret ? {} : { output: stderr })
  })
  try {
    for await (const line of lines) return line
    return null
  } finally {
    lines.close()
    if (isSecret) stderr.write('\n')
  }
}

/** True for a plain yes. Without a terminal nobody can be asked and the act was asked for by a script: true. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  if (!canAsk(terminal)) return true
  const answer = await ask(terminal, `${question} [y/N] `)
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}

/** All of standard input. */
export async function readStdin({ stdin }: Terminal): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Draws `done of total` in place on a terminal; writes nothing anywhere else. */
export function createProgressBar(
  terminal: Terminal,
  label: string
): { show(done: number, total: number): void; end(): void } {
  const { stderr } = terminal
  if (!stderr.isTTY) return { show: () => undefined, end: () => undefined }
  return {
    show(done, total) {
      const cells = Math.max(10, Math.min(40, (stderr.columns ?? 80) - label.length - 30))
      // The total may be an estimate, and too small.
      const filled = done >= total ? cells : Math.round((cells * done) / total)
      const count = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
      stderr.write(`\r\x1b[K${label} ${'█'.repeat(filled)}${'░'.repeat(cells - filled)} ${count}`)
    },
    end: () => void stderr.write('\r\x1b[K')
  }
}
