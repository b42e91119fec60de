import type { AuditEntry } from '../../../shared/audit.ts'

/** One value that an act changed; undefined where there was or is none. */
export interface Change {
  name: string
  before: unknown
  after: unknown
}

/** What an entry tells beyond its sentence. */
export interface EntryContent {
  changes: Change[]
  /** Users that a bulk act speaks of, by the name of their list. */
  lists: { name: string; usernames: string[] }[]
  facts: { name: string; value: unknown }[]
}

/** Takes apart the details of an entry of any version of the program, and of none. */
export function readEntryContent({ detail }: AuditEntry): EntryContent {
  const content: EntryContent = { changes: [], lists: [], facts: [] }
  if (isRecord(detail.before) && isRecord(detail.after)) {
    const { before, after, ...others } = detail as { before: Record<string, unknown>; after: Record<string, unknown> }
    content.changes = changesBetween(before, after)
    addParts(content, others)
  } else {
    addParts(content, detail)
  }
  return content
}

function addParts(content: EntryContent, detail: AuditEntry['detail']): void {
  for (const [name, value] of Object.entries(detail)) {
    if (isRecord(value) && 'before' in value && 'after' in value) {
      if (!isSame(value.before, value.after)) content.changes.push({ name, before: value.before, after: value.after })
    } else if (isTextList(value)) {
      if (value.length > 0) content.lists.push({ name, usernames: value })
    } else {
      content.facts.push({ name, value })
    }
  }
}

function changesBetween(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names]
    .map((name) => ({ name, before: before[name], after: after[name] }))
    .filter((change) => !isSame(change.before, change.after))
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
