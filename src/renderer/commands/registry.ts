import { useEffect, useEffectEvent } from 'react'
import { commandDefinitions, windowCommandIds, type WindowCommandId } from './definitions.ts'

interface Handler {
  run: () => void
  title?: string | undefined
}

/** A command that can be given; with a title of its own where it says whom it means at present. */
export interface Offer extends Handler {
  id: WindowCommandId
}

/** Who carries out a command at present: the last that was mounted, which is the innermost. */
const handlers = new Map<WindowCommandId, Handler[]>()

/** Carries out a command while the component is there and `isEnabled`; without either the command is not offered. */
export function useCommand(id: WindowCommandId, run: () => void, isEnabled = true): void {
  useCommands(isEnabled ? [{ id, run }] : [])
}

/** Carries out the commands while they are offered. */
export function useCommands(offers: readonly Offer[]): void {
  const runNow = useEffectEvent((id: WindowCommandId) => offers.find((offer) => offer.id === id)?.run())
  const offered = JSON.stringify(offers.map(({ id, title }) => ({ id, title })))
  useEffect(() => {
    const ends = (JSON.parse(offered) as Omit<Offer, 'run'>[]).map(({ id, title }) =>
      registerCommand(id, () => runNow(id), title)
    )
    return () => {
      for (const end of ends) end()
    }
  }, [offered])
}

export function registerCommand(id: WindowCommandId, run: () => void, title?: string): () => void {
  const handler = { run, title }
  handlers.set(id, [...(handlers.get(id) ?? []), handler])
  return () => {
    handlers.set(
      id,
      (handlers.get(id) ?? []).filter((other) => other !== handler)
    )
  }
}

export function commandTitle(id: WindowCommandId): string {
  return handlers.get(id)?.at(-1)?.title ?? commandDefinitions[id].title
}

export function isCommandEnabled(id: WindowCommandId): boolean {
  return (handlers.get(id) ?? []).length > 0
}

export function enabledCommands(): WindowCommandId[] {
  return windowCommandIds.filter(isCommandEnabled)
}

/** False where nobody carries it out at present. */
export function runCommand(id: WindowCommandId): boolean {
  const handler = handlers.get(id)?.at(-1)
  handler?.run()
  return handler !== undefined
}
