import { useCallback, useEffect, useRef, useState } from 'react'
import type { CheckProgress } from '../../../shared/diagnostics.ts'
import type { Result } from '../../../shared/errors.ts'
import { ask, bridge, CallError } from '../../bridge.ts'
import { cancelTask, newTaskId } from '../../tasks.ts'

export type Check<Output> =
  | { state: 'idle' | 'stopped' }
  | { state: 'running'; steps: readonly CheckProgress[] }
  | { state: 'done'; result: Output }
  | { state: 'failed'; error: unknown }

/**
 * A check whose steps show as they are taken. Only the last start counts; an earlier one is stopped by it, and the last by leaving.
 * `work` has to be the same function at every call.
 */
export function useCheck<Input extends object, Output>(
  work: (input: Input & { taskId: string }) => Promise<Result<Output>>
) {
  const [check, setCheck] = useState<Check<Output>>({ state: 'idle' })
  const current = useRef<string | null>(null)

  const stop = useCallback(() => {
    if (current.current === null) return
    void cancelTask(current.current)
    current.current = null
    setCheck({ state: 'stopped' })
  }, [])

  const start = useCallback(
    async (input: Input) => {
      stop()
      const taskId = newTaskId()
      const isCurrent = () => current.current === taskId
      current.current = taskId
      setCheck({ state: 'running', steps: [] })
      const end = bridge.on('check-progress', (told) => {
        if (told.taskId !== taskId) return
        setCheck((before) => (before.state === 'running' ? { ...before, steps: [...before.steps, told.step] } : before))
      })
      try {
        const result = await ask(work({ ...input, taskId }))
        if (isCurrent()) setCheck({ state: 'done', result })
      } catch (error) {
        const isStopped = error instanceof CallError && error.data.code === 'cancelled'
        if (isCurrent()) setCheck(isStopped ? { state: 'stopped' } : { state: 'failed', error })
      } finally {
        if (isCurrent()) current.current = null
        end()
      }
    },
    [work, stop]
  )

  const reset = useCallback(() => {
    stop()
    setCheck({ state: 'idle' })
  }, [stop])

  useEffect(() => stop, [stop])
  return { check, start, stop, reset }
}
