/** Asked before the window goes elsewhere. It calls `go` when it may, now or later, or never. */
export type LeaveGuard = (go: () => void) => void

const guards: LeaveGuard[] = []

/** Asks the guard whenever the window is to leave what it shows. Returns the function that ends it. */
export function guardLeaving(guard: LeaveGuard): () => void {
  guards.push(guard)
  return () => {
    guards.splice(guards.indexOf(guard), 1)
  }
}

export function isLeavingGuarded(): boolean {
  return guards.length > 0
}

/** Goes once every guard lets it. */
export function leave(go: () => void): void {
  const ask = [...guards].reduce<() => void>((next, guard) => () => guard(next), go)
  ask()
}
