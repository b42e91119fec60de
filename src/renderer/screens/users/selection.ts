import type { User, UserFilter, UserSelection } from '../../../shared/user.ts'

/** Users picked one by one, or all that a filter leaves, whoever they will be by then. */
export type Picked =
  { kind: 'some'; users: ReadonlyMap<string, User> } | { kind: 'all'; filter: UserFilter; count: number }

export const nobody: Picked = { kind: 'some', users: new Map() }

export function isPicked(picked: Picked, username: string): boolean {
  return picked.kind === 'all' || picked.users.has(username)
}

export function countPicked(picked: Picked): number {
  return picked.kind === 'all' ? picked.count : picked.users.size
}

/** Adds a user or takes one away. Out of “all that match” nobody can be taken alone, so it begins anew with that user. */
export function togglePicked(picked: Picked, user: User): Picked {
  const users = new Map(picked.kind === 'some' ? picked.users : [])
  if (!users.delete(user.username)) users.set(user.username, user)
  return { kind: 'some', users }
}

export function addPicked(picked: Picked, added: readonly User[]): Picked {
  if (picked.kind === 'all') return picked
  return { kind: 'some', users: new Map([...picked.users, ...added.map((user) => [user.username, user] as const)]) }
}

export function selectionOf(picked: Picked): UserSelection {
  return picked.kind === 'all' ? { filter: picked.filter } : { usernames: [...picked.users.keys()] }
}
