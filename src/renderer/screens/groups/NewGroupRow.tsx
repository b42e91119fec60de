import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../words/index.ts'
import { addGroup } from './group-acts.ts'
import classes from './Groups.module.css'
import { NameForm } from './NameForm.tsx'

/** The first row while a group is being added. */
export function NewGroupRow({ onDone }: { onDone: () => void }) {
  const [mobileClient, setMobileClient] = useState(true)
  const [selfProvision, setSelfProvision] = useState(false)
  return (
    <tr className={classes.editing} data-passing>
      <td colSpan={2}>
        <NameForm
          label={t('groups.newName')}
          initial=""
          verb={t('groups.addVerb')}
          onSubmit={(name) => addGroup({ name, mobileClient, selfProvision })}
          onDone={onDone}
        />
      </td>
      <td className={classes.right}>
        <Checkbox
          aria-label={t('groups.columns.mobileClient')}
          checked={mobileClient}
          onChange={(event) => setMobileClient(event.currentTarget.checked)}
        />
      </td>
      <td className={classes.right} colSpan={4}>
        <Checkbox
          aria-label={t('groups.columns.selfProvision')}
          checked={selfProvision}
          onChange={(event) => setSelfProvision(event.currentTarget.checked)}
        />
      </td>
    </tr>
  )
}
