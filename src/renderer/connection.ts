import { useSyncExternalStore } from 'react'

/** `lost`: the console does not answer and is asked again; `ended`: it no longer knows this window. */
export type Connection = 'open' | 'lost' | 'ended'

let connection: Connection = 'open'
const listeners = new Set<() => void>()

export function setConnection(next: Connection): void {
  // An ended session does not come back by itself: only a new address opens one.
  if (connection === next || connection === 'ended') return
  connection = next
  for (const listener of listeners) listener()
}

export function onConnection(listener: (connection: Connection) => void): () => void {
  const notify = () => listener(connection)
  listeners.add(notify)
  return () => listeners.delete(notify)
}

export function useConnection(): Connection {
  return useSyncExternalStore(onConnection, () => connection)
}
