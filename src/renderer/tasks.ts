import { useSyncExternalStore } from 'react'
import { ask, bridge } from './bridge.ts'

/** Long work that this window has begun. `total` is 0 until the first progress. */
export interface Task {
  id: string
  label: string
  done: number
  total: number
  isCancelling: boolean
}

let tasks: readonly Task[] = []
const listeners = new Set<() => void>()

function setTasks(next: readonly Task[]): void {
  tasks = next
  for (const listener of listeners) listener()
}

function changeTask(id: string, change: Partial<Task>): void {
  if (!tasks.some((task) => task.id === id)) return
  setTasks(tasks.map((task) => (task.id === id ? { ...task, ...change } : task)))
}

/** Begins long work under a new task id, by which its progress is shown and it can be cancelled. */
export async function runTask<T>(label: string, work: (taskId: string) => Promise<T>): Promise<T> {
  const id = newTaskId()
  setTasks([...tasks, { id, label, done: 0, total: 0, isCancelling: false }])
  try {
    return await work(id)
  } finally {
    setTasks(tasks.filter((task) => task.id !== id))
  }
}

/** Whether the progress is that of a task of this window. */
export function noteProgress({ taskId, done, total }: { taskId: string; done: number; total: number }): boolean {
  changeTask(taskId, { done, total })
  return tasks.some(({ id }) => id === taskId)
}

/** Asks main to stop; the work itself then ends with the error `cancelled`. */
export async function cancelTask(id: string): Promise<void> {
  changeTask(id, { isCancelling: true })
  await ask(bridge.tasks.cancel({ taskId: id })).catch(() => changeTask(id, { isCancelling: false }))
}

export function useTasks(): readonly Task[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => tasks
  )
}

/** Not `randomUUID`, which exists only on secure origins: a console on another machine may be reached without TLS. */
export function newTaskId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
