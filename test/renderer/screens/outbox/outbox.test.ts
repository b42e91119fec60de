import { describe, expect, it } from 'vitest'
import { parseRoute } from '../../../../src/renderer/routes.ts'
import {
  batchActs,
  countDone,
  countWaiting,
  percentDone
} from '../../../../src/renderer/screens/outbox/batch-figures.ts'
import { readMessageFilter } from '../../../../src/renderer/screens/outbox/outbox-route.ts'

const counts = { queued: 700, sending: 10, sent: 212, deferred: 60, failed: 12, unknown: 2, cancelled: 4 }

describe('the figures of a batch', () => {
  it('call done what will not be tried any more', () => {
    expect(countWaiting(counts)).toBe(770)
    expect(countDone({ total: 1000, counts })).toBe(230)
    expect(percentDone({ total: 1000, counts })).toBeCloseTo(23)
  })

  it('of an empty batch fill the bar', () => {
    expect(percentDone({ total: 0, counts: { ...counts, queued: 0, sending: 0, deferred: 0 } })).toBe(100)
  })

  it('offer nothing for what is over', () => {
    expect(batchActs('stopped')).toEqual(['resume', 'cancel'])
    expect(batchActs('done')).toEqual([])
  })
})

describe('the address of the outbox', () => {
  it('names a batch, the mails of none, a state and a user', () => {
    expect(readMessageFilter(parseRoute('#/outbox/12?state=failed&user=jdoe'))).toEqual({
      batch: 12,
      state: 'failed',
      username: 'jdoe'
    })
    expect(readMessageFilter(parseRoute('#/outbox/other')).batch).toBeNull()
  })

  it('shows everything where it makes no sense', () => {
    const everything = { batch: undefined, state: undefined, username: '' }
    expect(readMessageFilter(parseRoute('#/outbox/-1?state=eaten'))).toEqual(everything)
    expect(readMessageFilter(parseRoute('#/outbox/99999999999999999999'))).toEqual(everything)
  })
})
