import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { IconButton } from '../../components/IconButton.tsx'
import { showProblem } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { askToDisable, askToEnable, askToWithdraw } from './bulk-acts.ts'
import { openEmail } from './email/email-opening.ts'
import classes from './FilterBar.module.css'
import { countPicked, selectionOf, type Picked } from './selection.ts'
import { printSheetFor } from '../sheets/selected-users.ts'

/** Stands in the place of the filters while users are picked. */
export function SelectionBar({
  picked,
  count,
  onPickAll,
  onPickNone
}: {
  picked: Picked
  /** How many users match. */
  count: number
  onPickAll: () => void
  onPickNone: () => void
}) {
  const pickedCount = countPicked(picked)
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('users.selection.bar')}>
      <IconButton icon={IconX} label={t('users.selection.clear')} onClick={onPickNone} />
      <output className={classes.picked}>
        {t(picked.kind === 'all' ? 'users.selection.all' : 'users.selection.count', { count: pickedCount })}
      </output>
      <Button variant="default" size="compact-sm" onClick={() => openEmail(selectionOf(picked))}>
        {t('users.bulk.email')}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => printSheetFor({ selection: selectionOf(picked), count: pickedCount })}
      >
        {t('users.bulk.printSheet')}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => void askToWithdraw(picked).catch(showProblem)}>
        {t('users.bulk.withdraw')}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => askToDisable(picked)}>
        {t('users.bulk.disable')}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => askToEnable(picked)}>
        {t('users.bulk.enable')}
      </Button>
      {picked.kind === 'some' && pickedCount < count && (
        <Button variant="subtle" size="compact-sm" onClick={onPickAll}>
          {t('users.selection.selectAll', { count })}
        </Button>
      )}
    </div>
  )
}
