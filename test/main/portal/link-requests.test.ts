import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createLinkRequests } from '../../../src/main/portal/link-requests.ts'
import { createTestLog } from '../../support/console.ts'

function open() {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const sent: string[] = []
  const log = createTestLog()
  const requests = createLinkRequests({
    log,
    async send(username) {
      if (username === 'broken') throw new Error('no store')
      sent.push(username)
    }
  })
  return { requests, sent, log }
}

describe('requests for a link', () => {
  it('are done later, a few at a time, one that fails keeping none from its turn', async () => {
    const { requests, sent, log } = open()
    for (const name of ['a', 'broken', 'b', 'c', 'd', 'e', 'f']) expect(requests.note(name, '192.0.2.1')).toBe(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toEqual([])
    await vi.advanceTimersToNextTimerAsync()
    expect(sent).toEqual(['a', 'b', 'c', 'd'])
    await vi.advanceTimersToNextTimerAsync()
    expect(sent).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(vi.getTimerCount()).toBe(0)
    expect(log.lines.filter((line) => line.startsWith('error'))).toHaveLength(1)
  })

  it('have bounds, within which a crowd at one address leaves room for others, and what is dropped is said once', async () => {
    const { requests, sent, log } = open()
    const taken = Array.from({ length: 5_000 }, (_, index) => requests.note(`crowd ${index}`, '192.0.2.1'))
    expect(taken.filter(Boolean)).toHaveLength(200)
    expect(requests.note('good', '192.0.2.2')).toBe(true)
    await vi.advanceTimersToNextTimerAsync()
    expect(sent).toContain('good')
    await vi.runAllTimersAsync()
    expect(sent).toHaveLength(200)
    expect(log.lines).toEqual([expect.stringMatching(/^warn More links .*4801/)])
  })

  it('are still done when the portal ends', async () => {
    const { requests, sent } = open()
    requests.note('a', '192.0.2.1')
    await requests.close()
    expect(sent).toEqual(['a'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
