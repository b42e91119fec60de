import { useSyncExternalStore } from 'react'

/** Times on the screen are rounded to minutes, so they need not be told more often. */
const tickMs = 10_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    nowMs = Date.now()
    timer = setInterval(tick, tickMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

/** The time, told to every component by one clock, so that all of a screen agree. */
export function useNowMs(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}

/** What arrives bears the time of its arrival, which may be after the last tick: without this a new code ends "in 24 h" late. */
export function tickNow(): void {
  if (listeners.size > 0) tick()
}
