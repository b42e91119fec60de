import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { atMostEvery } from '../../src/renderer/queries.ts'

describe('asking again at most every so often', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs at once the first time', () => {
    const run = vi.fn<() => void>()
    atMostEvery(400, run)()
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs once for many calls in a row, and once more for the last of them', () => {
    const run = vi.fn<() => void>()
    const call = atMostEvery(400, run)
    for (let calls = 0; calls < 50; calls++) call()
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(400)
    expect(run).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(4000)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('runs at once again after a pause', () => {
    const run = vi.fn<() => void>()
    const call = atMostEvery(400, run)
    call()
    vi.advanceTimersByTime(1000)
    call()
    expect(run).toHaveBeenCalledTimes(2)
  })
})
