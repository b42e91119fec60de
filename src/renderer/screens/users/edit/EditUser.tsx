import { useRef } from 'react'
import type { AuditEntry } from '../../../../shared/audit.ts'
import type { User } from '../../../../shared/user.ts'
import { ask, bridge } from '../../../bridge.ts'
import { useCommand } from '../../../commands/registry.ts'
import { EditForm, type Saved } from '../../../components/form/EditForm.tsx'
import { showProblem } from '../../../components/toast.tsx'
import { queries, queryClient } from '../../../queries.ts'
import { t } from '../../../words/index.ts'
import { isolate } from '../../../words/isolate.ts'
import { followRenamedUser } from '../user-route.ts'
import { lastChangeOf, reasonAgainstUserField, storedFieldsOf, userFieldsOf } from './user-draft.ts'
import classes from './edit.module.css'
import { UserFieldRows } from './UserFieldRows.tsx'

/** The user's fields in the drawer. Whoever else changes the user meanwhile shows beside the field. */
export function EditUser({
  user,
  timeline,
  onDone
}: {
  user: User
  timeline: readonly AuditEntry[]
  onDone: () => void
}) {
  const closing = useRef<(() => void) | null>(null)
  useCommand('user.close', () => closing.current?.())
  const save = async (changes: Record<string, unknown>, expected: Record<string, unknown>): Promise<Saved> => {
    const changed = await changeUser(user.username, changes, expected)
    const before = userFieldsOf(expected)
    const after = userFieldsOf({ ...changed })
    const undo = async () => {
      const seen = Object.fromEntries(Object.entries(after).filter(([name]) => name in before))
      await changeUser(changed.username, before, seen).catch(showProblem)
    }
    return { text: t('user.edit.saved', { username: isolate(changed.username) }), undo: () => void undo() }
  }
  return (
    <div className={classes.edit}>
      <EditForm
        stored={storedFieldsOf(user)}
        check={reasonAgainstUserField}
        save={save}
        lastChange={(field, value) => lastChangeOf(timeline, field, value)}
        once={{ verb: t('form.save'), isNew: false, closing, onClose: onDone }}
      >
        <h3 className={classes.heading}>{t('user.edit.title')}</h3>
        <UserFieldRows present={user.group} />
      </EditForm>
    </div>
  )
}

async function changeUser(
  username: string,
  changes: Record<string, unknown>,
  expected: Record<string, unknown>
): Promise<User> {
  try {
    const request = { username, change: userFieldsOf(changes), expected: userFieldsOf(expected) }
    const changed = await ask(bridge.users.set(request))
    if (changed.username !== username) followRenamedUser(username, changed.username)
    return changed
  } finally {
    // Of a refusal, what somebody else has changed has to show; of a change, what became of it.
    await queryClient.invalidateQueries({ queryKey: queries.user(username).queryKey })
  }
}
