import { describe, expect, it } from 'vitest'
import type { Act } from '../../../src/main/system/operation.ts'
import { createTasks } from '../../../src/main/handlers/tasks.ts'
import type { Publish } from '../../../src/shared/events.ts'

const caller: Act = { actor: 'tester' }

function createToldTasks() {
  const told: unknown[] = []
  const publish: Publish = (name, data) => void told.push({ name, ...data })
  return { tasks: createTasks(publish), told }
}

/** Work that goes on until it is told to stop, by signal or by `finish`. */
function createOpenWork() {
  let finish: () => void = () => undefined
  const work = (act: Act) =>
    new Promise<string>((resolve) => {
      finish = () => resolve('finished')
      act.signal?.addEventListener('abort', () => resolve('cancelled'))
    })
  return { work, finish: () => finish() }
}

describe('tasks', () => {
  it('without a name are run as they are', async () => {
    const { tasks, told } = createToldTasks()
    const seen = await tasks.run(undefined, caller, async (act) => {
      act.onProgress?.(1, 1)
      return act
    })
    expect(seen).toBe(caller)
    expect(told).toEqual([])
  })

  it('tell the end of their progress at once, also to the caller’s own function', async () => {
    const { tasks, told } = createToldTasks()
    const progress: number[] = []
    const act: Act = { ...caller, onProgress: (done) => void progress.push(done) }
    await tasks.run('a', act, async ({ onProgress }) => {
      for (let done = 0; done <= 50; done++) onProgress?.(done, 50)
    })
    expect(progress).toHaveLength(51)
    expect(told.at(-1)).toEqual({ name: 'task-progress', taskId: 'a', done: 50, total: 50 })
    expect(told.length).toBeLessThan(51)
  })

  it('are cancelled by their own name alone', async () => {
    const { tasks } = createToldTasks()
    const [one, other] = [createOpenWork(), createOpenWork()]
    const running = [tasks.run('one', caller, one.work), tasks.run('other', caller, other.work)]
    tasks.cancel('nobody')
    tasks.cancel('one')
    expect(await running[0]).toBe('cancelled')
    other.finish()
    expect(await running[1]).toBe('finished')
  })

  it('are cancelled by the caller’s signal as well', async () => {
    const { tasks } = createToldTasks()
    const stopping = new AbortController()
    const running = tasks.run('a', { ...caller, signal: stopping.signal }, createOpenWork().work)
    stopping.abort()
    expect(await running).toBe('cancelled')
  })

  it('give their name back when they end or fail, and to nobody before', async () => {
    const { tasks } = createToldTasks()
    await expect(tasks.run('a', caller, () => Promise.reject(new Error('on purpose')))).rejects.toThrow('on purpose')
    const [first, second] = [createOpenWork(), createOpenWork()]
    const earlier = tasks.run('a', caller, first.work)
    const later = tasks.run('a', caller, second.work)
    first.finish()
    await earlier
    tasks.cancel('a')
    expect(await later).toBe('cancelled')
  })
})
