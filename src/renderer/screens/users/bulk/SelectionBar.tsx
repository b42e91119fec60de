import { Button, Menu } from '@mantine/core'
import {
  IconChevronDown,
  IconDeviceMobileOff,
  IconFileExport,
  IconLockOpen,
  IconMail,
  IconPrinter,
  IconQrcode,
  IconTrash,
  IconUserCheck,
  IconUserOff,
  IconUsersGroup,
  IconX,
  IconXboxX
} from '@tabler/icons-react'
import { useCommands } from '../../../commands/registry.ts'
import { ActItems, type Act } from '../../../components/ActItems.tsx'
import { IconButton } from '../../../components/IconButton.tsx'
import { showProblem } from '../../../components/toast.tsx'
import { t } from '../../../words/index.ts'
import { printSheetFor } from '../../sheets/selected-users.ts'
import { openEmail } from '../email/email-opening.ts'
import classes from '../FilterBar.module.css'
import { countPicked, selectionOf, type Picked } from '../selection.ts'
import { askToDisable, askToEnable, askToRemove, askToUnprovision, askToWithdraw, unlock } from './bulk-acts.ts'
import { exportUsers } from './export-users.ts'
import { askToIssue } from './IssueCodes.tsx'
import { askToMove } from './MoveUsers.tsx'

/** Stands in the place of the filters while users are picked. */
export function SelectionBar({
  picked,
  count,
  isNarrow,
  onPickAll,
  onPickNone
}: {
  picked: Picked
  /** How many users match. */
  count: number
  /** Fewer acts then have a button of their own. */
  isNarrow: boolean
  onPickAll: () => void
  onPickNone: () => void
}) {
  const pickedCount = countPicked(picked)
  const acts = actsOn(picked, onPickNone)
  const hasButton = ({ id }: Act) =>
    id === 'users.email' ||
    id === 'picked.printSheet' ||
    id === 'picked.withdraw' ||
    (id === 'picked.disable' && !isNarrow)
  useCommands([...acts, { id: 'users.pickNone', run: onPickNone }])
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('users.selection.bar')}>
      <IconButton icon={IconX} label={t('users.selection.clear')} onClick={onPickNone} />
      <output className={classes.picked}>
        {t(picked.kind === 'all' ? 'users.selection.all' : 'users.selection.count', { count: pickedCount })}
      </output>
      {acts.filter(hasButton).map(({ id, label, run }) => (
        <Button key={id} variant="default" size="compact-sm" className={classes.act} onClick={run}>
          {label}
        </Button>
      ))}
      <Menu position="bottom-start" width={200}>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            className={classes.act}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {t('users.bulk.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ActItems acts={acts.filter((act) => !hasButton(act))} />
        </Menu.Dropdown>
      </Menu>
      {picked.kind === 'some' && pickedCount < count && (
        <Button variant="subtle" size="compact-sm" className={classes.act} onClick={onPickAll}>
          {t('users.selection.selectAll', { count })}
        </Button>
      )}
    </div>
  )
}

function actsOn(picked: Picked, onPickNone: () => void): Act[] {
  const count = countPicked(picked)
  const selection = selectionOf(picked)
  const acts = [
    ['email', IconMail, () => openEmail(selection)],
    ['printSheet', IconPrinter, () => printSheetFor({ selection, count })],
    ['withdraw', IconXboxX, () => void askToWithdraw(picked).catch(showProblem)],
    ['issue', IconQrcode, () => askToIssue(picked)],
    ['move', IconUsersGroup, () => askToMove(picked)],
    ['disable', IconUserOff, () => askToDisable(picked)],
    ['enable', IconUserCheck, () => askToEnable(picked)],
    ['unlock', IconLockOpen, () => void unlock(picked)],
    ['unprovision', IconDeviceMobileOff, () => void askToUnprovision(picked).catch(showProblem)],
    ['export', IconFileExport, () => void exportUsers(selection)],
    ['remove', IconTrash, () => askToRemove(picked, onPickNone)]
  ] as const
  return acts.map(([name, icon, run]) => {
    const label = t(`users.bulk.${name}`)
    const id = name === 'email' ? 'users.email' : (`picked.${name}` as const)
    return { id, label, icon, run, title: t('commands.onSelected', { act: label, count }) }
  })
}
