/** What the console holds for a field; `isDefault` where nobody has set it. */
export interface StoredField {
  value: unknown
  isDefault: boolean
}
export type StoredFields = Readonly<Record<string, StoredField>>

export interface Edit {
  /** As typed; null puts the field back to its default. */
  value: unknown
  /** What the console held when the person last looked at it: tells whether somebody else has changed it meanwhile. */
  seen: unknown
}
/** What a person has changed and not saved, by field. */
export type Edits = Readonly<Record<string, Edit>>

/** The reason why a value cannot be saved, as a clause, or null where it can. */
export type CheckField = (name: string, value: unknown) => string | null

export function editField(edits: Edits, stored: StoredFields, name: string, value: unknown): Edits {
  const held = stored[name]
  const isUnchanged = value === null ? held?.isDefault === true : isSame(value, held?.value)
  if (isUnchanged) return forget(edits, name)
  return { ...edits, [name]: { value, seen: edits[name] ? edits[name].seen : held?.value } }
}

/** A person saw what the console holds by now and goes on with their own value. */
export function keepMine(edits: Edits, stored: StoredFields, name: string): Edits {
  const edit = edits[name]
  return edit ? { ...edits, [name]: { ...edit, seen: stored[name]?.value } } : edits
}

export function forget(edits: Edits, name: string): Edits {
  const { [name]: _, ...others } = edits
  return others
}

/** What would be saved: edits that somebody else has made as well are none any more. */
export function changesOf(edits: Edits, stored: StoredFields): Record<string, unknown> {
  const changed = Object.entries(edits).filter(([name, { value }]) => {
    const held = stored[name]
    return value === null ? held?.isDefault !== true : !isSame(value, held?.value)
  })
  return Object.fromEntries(changed.map(([name, { value }]) => [name, value]))
}

/** Every field as it would be saved; one that is put back to its default is null. */
export function allValuesOf(edits: Edits, stored: StoredFields): Record<string, unknown> {
  const held = Object.entries(stored).map(([name, { value }]) => [name, value] as const)
  return { ...Object.fromEntries(held), ...changesOf(edits, stored) }
}

/** The changed fields that the console no longer holds as they were when the change was begun. */
export function changedMeanwhile(edits: Edits, stored: StoredFields): string[] {
  return Object.keys(changesOf(edits, stored)).filter((name) => !isSame(edits[name]?.seen, stored[name]?.value))
}

/** Why which of the changes cannot be saved. */
export function reasonsAgainst(changes: Record<string, unknown>, check: CheckField): Record<string, string> {
  const reasons = Object.entries(changes).map(([name, value]) => [name, check(name, value)] as const)
  return Object.fromEntries(reasons.filter((entry): entry is readonly [string, string] => entry[1] !== null))
}

/** Values are plain data. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
