import { useQuery } from '@tanstack/react-query'
import { mixedScriptsOf } from '../../../../shared/mixed-scripts.ts'
import { ChoiceField, TextField } from '../../../components/form/fields.tsx'
import { useField } from '../../../components/form/form-context.ts'
import { queries } from '../../../queries.ts'
import { t } from '../../../words/index.ts'
import { searchGroupsFrom } from '../../groups/search-from.ts'

/** The fields of a user, the same for a new one and for one that is there. */
export function UserFieldRows({ present }: { present: string }) {
  const { data: groups = [] } = useQuery(queries.groups)
  const names = groups.map(({ name }) => name)
  // A group that was removed meanwhile stays readable in the form until another is chosen.
  const offered = present === '' || names.includes(present) ? names : [present, ...names]
  return (
    <>
      <TextField name="username" label={t('user.edit.username')} takesFocus />
      <TextField name="name" label={t('user.edit.name')} />
      <EmailField />
      <TextField name="phone" label={t('user.edit.phone')} />
      <ChoiceField
        name="group"
        label={t('user.edit.group')}
        choices={offered.map((name) => ({ value: name, label: name }))}
        isSearchable={offered.length >= searchGroupsFrom}
      />
    </>
  )
}

/** An address that may not be the one it looks like is taken, with a word about it. */
function EmailField() {
  const { value } = useField('email')
  const mixed = mixedScriptsOf(typeof value === 'string' ? value : '')
  const note = mixed === null ? t('user.edit.emailNote') : <output>{t('user.edit.emailMixed', { mixed })}</output>
  return <TextField name="email" label={t('user.edit.email')} note={note} />
}
