import { useEffect, useEffectEvent } from 'react'
import { windowCommandIds, type WindowCommandId } from './definitions.ts'

/** Who carries out a command at present: the last that was mounted, which is the innermost. */
const handlers = new Map<WindowCommandId, (() => void)[]>()

/** Carries out a command while the component is there and `isEnabled`; without either the command is not offered. */
export function useCommand(id: WindowCommandId, run: () => void, isEnabled = true): void {
  const runNow = useEffectEvent(run)
  useEffect(() => {
    if (!isEnabled) return undefined
    return registerCommand(id, () => runNow())
  }, [id, isEnabled])
}

export function registerCommand(id: WindowCommandId, run: () => void): () => void {
  handlers.set(id, [...(handlers.get(id) ?? []), run])
  return () => {
    handlers.set(
      id,
      (handlers.get(id) ?? []).filter((other) => other !== run)
    )
  }
}

export function isCommandEnabled(id: WindowCommandId): boolean {
  return (handlers.get(id) ?? []).length > 0
}

export function enabledCommands(): WindowCommandId[] {
  return windowCommandIds.filter(isCommandEnabled)
}

/** False where nobody carries it out at present. */
export function runCommand(id: WindowCommandId): boolean {
  const run = handlers.get(id)?.at(-1)
  run?.()
  return run !== undefined
}
