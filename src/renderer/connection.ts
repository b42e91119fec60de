import { useSyncExternalStore } from 'react'

/** `lost`: the console does not answer and is asked again; `ended`: it no longer knows this window. */
export type Connection = 'open' | 'lost' | 'ended'

let connection: Connection = 'open'
/** Until the first news it merely counts as open: what changes before that is told by nobody. */
let isSupposed = true
const listeners = new Set<() => void>()

export function setConnection(next: Connection): void {
  // An ended session does not come back by itself: only a new address opens one.
  if ((connection === next && !isSupposed) || connection === 'ended') return
  isSupposed = false
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
