import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ask, canAsk, confirm, createProgressBar, readStdin, type Terminal } from '../../../src/main/cli/terminal.ts'

interface TestTerminal extends Terminal {
  stdin: PassThrough & { isTTY?: boolean }
  /** All that was written to stderr. */
  shown(): string
}

/** Streams in memory that say they are a terminal, or pipes. */
function createTerminal({ isTerminal = true, columns = 80 } = {}): TestTerminal {
  const written: Buffer[] = []
  const stream = () => Object.assign(new PassThrough(), isTerminal ? { isTTY: true, columns } : {})
  const stderr = stream().on('data', (chunk: Buffer) => written.push(chunk))
  return { stdin: stream(), stdout: stream(), stderr, environment: {}, shown: () => Buffer.concat(written).toString() }
}

async function answer(terminal: TestTerminal, typed: string, asking: Promise<unknown>): Promise<unknown> {
  terminal.stdin.end(typed)
  return asking
}

describe('canAsk', () => {
  it('needs a terminal at both ends', () => {
    expect(canAsk(createTerminal())).toBe(true)
    expect(canAsk(createTerminal({ isTerminal: false }))).toBe(false)
    expect(canAsk({ ...createTerminal(), stdin: createTerminal({ isTerminal: false }).stdin })).toBe(false)
    expect(canAsk({ ...createTerminal(), stderr: createTerminal({ isTerminal: false }).stderr })).toBe(false)
  })
})

describe('ask', () => {
  it('gives the line that was typed, without its end', async () => {
    for (const [typed, line] of [
      ['yes please\n', 'yes please'],
      ['a\r\nb\r\n', 'a'],
      ['\n', ''],
      ['no end', 'no end']
    ] as const) {
      const terminal = createTerminal()
      expect(await answer(terminal, typed, ask(terminal, 'Well? '))).toBe(line)
      expect(terminal.shown()).toContain('Well? ')
    }
  })

  it('gives null when the input ends instead', async () => {
    const terminal = createTerminal()
    expect(await answer(terminal, '', ask(terminal, 'Well? '))).toBeNull()
  })

  it('shows nothing of a secret, and goes on in a new line', async () => {
    const terminal = createTerminal()
    expect(await answer(terminal, 'correct horse\r', ask(terminal, 'Passphrase: ', true))).toBe('correct horse')
    expect(terminal.shown()).toBe('Passphrase: \n')
  })

  it('writes nothing to stdout', async () => {
    const terminal = createTerminal()
    await answer(terminal, 'x\n', ask(terminal, 'Well? '))
    expect((terminal.stdout as PassThrough).readableLength).toBe(0)
  })
})

describe('confirm', () => {
  it.each(['y', 'Y', 'yes', ' YES '])('is true for %j', async (typed) => {
    const terminal = createTerminal()
    expect(await answer(terminal, `${typed}\n`, confirm(terminal, 'Remove ann?'))).toBe(true)
    expect(terminal.shown()).toContain('Remove ann? [y/N] ')
  })

  it.each(['', 'n', 'no', 'yeah', 'yes!', 'ja', '1'])('is false for %j', async (typed) => {
    const terminal = createTerminal()
    expect(await answer(terminal, `${typed}\n`, confirm(terminal, 'Remove ann?'))).toBe(false)
  })

  it('is false when the input ends instead', async () => {
    const terminal = createTerminal()
    expect(await answer(terminal, '', confirm(terminal, 'Remove ann?'))).toBe(false)
  })

  it('takes a script at its word without asking', async () => {
    const terminal = createTerminal({ isTerminal: false })
    expect(await confirm(terminal, 'Remove ann?')).toBe(true)
    expect(terminal.shown()).toBe('')
  })
})

describe('readStdin', () => {
  it('reads all of it, byte for byte', async () => {
    const terminal = createTerminal({ isTerminal: false })
    const sent = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256))
    terminal.stdin.end(sent)
    expect(await readStdin(terminal)).toEqual(sent)
  })
})

describe('the progress bar', () => {
  it('is drawn in place, within the width of the terminal, and wiped at the end', () => {
    for (const columns of [20, 80, 300]) {
      const terminal = createTerminal({ columns })
      const bar = createProgressBar(terminal, 'Importing')
      bar.show(0, 100_000)
      bar.show(50_000, 100_000)
      const lines = terminal.shown().split('\r\u001b[K').slice(1)
      expect(lines).toHaveLength(2)
      const [none = '', half = ''] = lines
      expect(none).toMatch(/^Importing ░+ 0 of 100,000$/)
      const [, filled = '', empty = ''] = /^Importing (█+)(░+) 50,000 of 100,000$/.exec(half) ?? []
      expect(filled.length).toBe(empty.length)
      if (columns >= 80) expect(half.length).toBeLessThan(columns)
      bar.end()
      expect(terminal.shown().endsWith('\r\u001b[K')).toBe(true)
    }
  })

  it('takes a total that was guessed too low, and one of nothing', () => {
    const terminal = createTerminal()
    const bar = createProgressBar(terminal, 'Importing')
    bar.show(120, 100)
    bar.show(0, 0)
    expect(terminal.shown()).toMatch(/█ 120 of 100\r.*█ 0 of 0$/)
  })

  it('writes nothing where there is no terminal', () => {
    const terminal = createTerminal({ isTerminal: false })
    const bar = createProgressBar(terminal, 'Importing')
    bar.show(1, 2)
    bar.end()
    expect(terminal.shown()).toBe('')
  })
})
