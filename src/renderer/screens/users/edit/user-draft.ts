import type { AuditEntry } from '../../../../shared/audit.ts'
import type { UserFields } from '../../../../shared/user.ts'
import type { StoredFields } from '../../../components/form/draft.ts'
import type { FieldChange } from '../../../components/form/form-context.ts'
import { t } from '../../../words/index.ts'

export const userFieldNames = ['username', 'name', 'email', 'phone', 'group'] as const satisfies (keyof UserFields)[]

/** The fields of a user, or those that a new one begins with. */
export function storedFieldsOf(user: UserFields): StoredFields {
  return Object.fromEntries(userFieldNames.map((name) => [name, { value: user[name], isDefault: false }]))
}

/** What can be told without asking the console, which checks the rest. */
export function reasonAgainstUserField(name: string, value: unknown): string | null {
  const isMissing = typeof value !== 'string' || value.trim() === ''
  if (!isMissing) return null
  if (name === 'username') return t('user.edit.usernameMissing')
  return name === 'group' ? t('user.edit.groupMissing') : null
}

/** As the form holds them: a field that was not touched stays out of a change. */
export function userFieldsOf(values: Record<string, unknown>): Partial<UserFields> {
  const entries = userFieldNames.flatMap((name) => {
    const value = values[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return Object.fromEntries(entries)
}

/** Who gave a field the value that it has by now, where the log tells. `timeline` is newest first. */
export function lastChangeOf(timeline: readonly AuditEntry[], field: string, value: unknown): FieldChange | undefined {
  const entry = timeline.find(({ kind, detail }) => {
    if (kind === 'users.moved') return field === 'group' && detail['to'] === value
    if (kind === 'users.imported') return 'updated' in detail
    const change = kind === 'user.changed' ? detail[field] : null
    return typeof change === 'object' && change !== null && 'after' in change && change.after === value
  })
  return entry && entry.actor !== '' ? { actor: entry.actor, atMs: entry.atMs } : undefined
}
