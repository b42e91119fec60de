import { describe, expect, it } from 'vitest'
import { leastChunkRows } from '../../../src/main/system/operation.ts'
import { bulkChanges, killWhileChanging } from '../../support/bulk-kills.ts'

describe('a change of many users that is killed', () => {
  it.each(bulkChanges)('(%s) is done to whole chunks and told of them alone', async (what) => {
    expect(await killWhileChanging(what, 3000, 2, 3)).toBeGreaterThanOrEqual(2 * leastChunkRows)
  })
})
