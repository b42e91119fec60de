import { describe, expect, it } from 'vitest'
import { createFetchLog, type Fetch } from '../../../src/main/portal/fetch-log.ts'

const fetchOf = (codeId: number, agent = 'Mail Reader/1'): Fetch => ({
  user: { id: codeId, username: `user${codeId}` },
  codeId,
  state: 'live',
  address: '192.0.2.7',
  agent
})

function setUp({ isBroken = false } = {}) {
  const written: Fetch[][] = []
  const warned: unknown[][] = []
  const failed: string[] = []
  const log = createFetchLog({
    write: async (fetches) => {
      if (isBroken) throw new Error('disk full')
      written.push(fetches)
    },
    log: {
      info: () => undefined,
      warn: (...entry: unknown[]) => void warned.push(entry),
      error: (message) => void failed.push(message)
    }
  })
  return { log, written, warned, failed }
}

describe('what is written down of fetched pictures', () => {
  it('comes a few at a time, and whole when the program ends', async () => {
    const { log, written } = setUp()
    for (let codeId = 1; codeId <= 120; codeId++) log.note(fetchOf(codeId))
    expect(written).toEqual([])
    await expect.poll(() => written.length).toBeGreaterThan(0)
    await log.close()
    expect(written.map((fetches) => fetches.length)).toEqual([50, 50, 20])
    expect(written.flat().map(({ codeId }) => codeId)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
  })

  it('is one entry for a client that fetches again, whose name is cut', async () => {
    const { log, written } = setUp()
    for (const agent of ['a', 'a', 'b', `${'😀'.repeat(120)}x`, `${'😀'.repeat(120)}y`]) log.note(fetchOf(1, agent))
    await log.close()
    expect(written.flat().map(({ agent }) => agent)).toEqual(['a', 'b', '😀'.repeat(120)])
  })

  it('is not more than memory bears, and the program’s log says how many are missing', async () => {
    const { log, written, warned } = setUp()
    for (let codeId = 1; codeId <= 20_003; codeId++) log.note(fetchOf(codeId))
    await log.close()
    expect(written.flat()).toHaveLength(20_000)
    expect(warned).toEqual([[expect.stringContaining('some are missing'), { missing: 3 }]])
  })

  it('is lost, and said to be, where it cannot be written; the next is tried again', async () => {
    const { log, failed } = setUp({ isBroken: true })
    for (let codeId = 1; codeId <= 60; codeId++) log.note(fetchOf(codeId))
    await log.close()
    expect(failed).toHaveLength(2)
  })
})
