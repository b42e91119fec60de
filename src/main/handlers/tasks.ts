import type { Publish } from '../../shared/events.ts'
import type { Act } from '../system/operation.ts'

/** Progress is told at most this often; more would only keep the listener busy. */
const tellEveryMs = 100

/** Long work under a name that the caller chose: its progress becomes events, and the name can be cancelled. */
export interface Tasks {
  run<T>(taskId: string | undefined, act: Act, work: (act: Act) => Promise<T>): Promise<T>
  cancel(taskId: string): void
}

export function createTasks(publish: Publish): Tasks {
  const running = new Map<string, AbortController>()
  return {
    async run(taskId, act, work) {
      if (taskId === undefined) return work(act)
      const controller = new AbortController()
      const signal = act.signal ? AbortSignal.any([act.signal, controller.signal]) : controller.signal
      running.set(taskId, controller)
      let toldAtMs = Number.NEGATIVE_INFINITY
      try {
        return await work({
          ...act,
          signal,
          onProgress(done, total) {
            act.onProgress?.(done, total)
            if (done < total && performance.now() - toldAtMs < tellEveryMs) return
            toldAtMs = performance.now()
            publish('task-progress', { taskId, done, total })
          }
        })
      } finally {
        // The name may since have been given to another task.
        if (running.get(taskId) === controller) running.delete(taskId)
      }
    },
    cancel(taskId) {
      running.get(taskId)?.abort()
    }
  }
}
