import { describe, expect, it } from 'vitest'
import { leastChunkRows } from '../../src/main/system/operation.ts'
import { bulkChanges, killWhileChanging } from '../support/bulk-kills.ts'

describe('a change of 20,000 users', () => {
  it.each(bulkChanges)('(%s) killed at twelve moments is done to whole chunks and told of them alone', async (what) => {
    for (let round = 0; round < 12; round++) {
      const killAfter = round * 3
      const changed = await killWhileChanging(what, 20_000, killAfter, Math.random() * 20)
      expect(changed).toBeGreaterThanOrEqual(killAfter * leastChunkRows)
    }
  })
})
