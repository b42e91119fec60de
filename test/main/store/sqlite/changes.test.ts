import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchOtherProcesses } from '../../../../src/main/store/sqlite/changes.ts'
import { openDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { writeSetting } from '../../../../src/main/settings/settings-store.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'

async function openTwice() {
  const file = path.join(createTestFolder(), 'console.db')
  const [mine, other] = [await openDatabase(file), await openDatabase(file)]
  const onChange = vi.fn<() => void>()
  const watcher = watchOtherProcesses(mine, onChange)
  const close = async () => {
    watcher.stop()
    await mine.close()
    await other.close()
  }
  return { mine, other, onChange, watcher, close }
}

describe('watchOtherProcesses', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterEach(() => void vi.useRealTimers())

  it('tells within a second that another connection has written, once for each time', async () => {
    const { other, onChange, watcher, close } = await openTwice()
    watcher.start()
    vi.advanceTimersByTime(3000)
    expect(onChange).not.toHaveBeenCalled()
    for (const times of [1, 2]) {
      await writeSetting(other.db, 'a', times, 0)
      vi.advanceTimersByTime(1000)
      expect(onChange).toHaveBeenCalledTimes(times)
    }
    vi.advanceTimersByTime(3000)
    expect(onChange).toHaveBeenCalledTimes(2)
    await close()
  })

  it('tells nothing of what this connection has written', async () => {
    const { mine, onChange, watcher, close } = await openTwice()
    watcher.start()
    await writeSetting(mine.db, 'a', 1, 0)
    vi.advanceTimersByTime(3000)
    expect(onChange).not.toHaveBeenCalled()
    await close()
  })

  it('tells nothing while stopped, nor of what was written meanwhile', async () => {
    const { other, onChange, watcher, close } = await openTwice()
    watcher.start()
    watcher.stop()
    await writeSetting(other.db, 'a', 1, 0)
    vi.advanceTimersByTime(3000)
    watcher.start()
    watcher.start()
    vi.advanceTimersByTime(3000)
    expect(onChange).not.toHaveBeenCalled()
    await writeSetting(other.db, 'a', 2, 0)
    vi.advanceTimersByTime(3000)
    expect(onChange).toHaveBeenCalledTimes(1)
    await close()
  })

  it('does not end the process when the database can no longer be asked', async () => {
    const { mine, onChange, watcher, close } = await openTwice()
    watcher.start()
    await mine.close()
    expect(() => vi.advanceTimersByTime(3000)).not.toThrow()
    expect(onChange).not.toHaveBeenCalled()
    await close()
  })

  it('lets whoever subscribed to a console know what another one over the folder did', async () => {
    const folder = createTestFolder()
    const [mine, other] = [await openTestConsole({ folder }), await openTestConsole({ folder })]
    const told: string[] = []
    const unsubscribe = mine.subscribe((name) => void told.push(name))
    await other.call('groups:add', { name: 'Night shift' })
    vi.advanceTimersByTime(1000)
    expect(told.toSorted()).toEqual([
      'groups-changed',
      'log-changed',
      'outbox-changed',
      'settings-changed',
      'sheets-changed',
      'users-changed'
    ])
    unsubscribe()
    await other.call('groups:add', { name: 'Day shift' })
    vi.advanceTimersByTime(1000)
    expect(told).toHaveLength(6)
  })
})
