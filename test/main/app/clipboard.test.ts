import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSecretClipboard } from '../../../src/main/app/clipboard.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function createClipboard(isAsync = false) {
  const board = { text: 'before' }
  return {
    board,
    readText: () => (isAsync ? Promise.resolve(board.text) : board.text),
    writeText: (text: string) => {
      board.text = text
    }
  }
}

describe.each([
  ['answers at once', false],
  ['answers by promises', true]
])('a clipboard that %s', (_how, isAsync) => {
  it('loses a secret after a minute', async () => {
    const clipboard = createClipboard(isAsync)
    await createSecretClipboard(clipboard).copy('K7QM')
    await vi.advanceTimersByTimeAsync(59_000)
    expect(clipboard.board.text).toBe('K7QM')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(clipboard.board.text).toBe('')
  })

  it('keeps what was copied since', async () => {
    const clipboard = createClipboard(isAsync)
    await createSecretClipboard(clipboard).copy('K7QM')
    clipboard.board.text = 'something else'
    await vi.advanceTimersByTimeAsync(60_000)
    expect(clipboard.board.text).toBe('something else')
  })

  it('gives a second secret its own minute', async () => {
    const clipboard = createClipboard(isAsync)
    const secrets = createSecretClipboard(clipboard)
    await secrets.copy('first')
    await vi.advanceTimersByTimeAsync(50_000)
    await secrets.copy('second')
    await vi.advanceTimersByTimeAsync(50_000)
    expect(clipboard.board.text).toBe('second')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(clipboard.board.text).toBe('')
  })

  it('loses a secret when the program ends, and only a secret', async () => {
    const clipboard = createClipboard(isAsync)
    const secrets = createSecretClipboard(clipboard)
    await secrets.clear()
    expect(clipboard.board.text).toBe('before')
    await secrets.copy('K7QM')
    await secrets.clear()
    expect(clipboard.board.text).toBe('')
  })
})
