import { Button, Menu } from '@mantine/core'
import {
  IconChevronDown,
  IconDeviceMobileOff,
  IconFileExport,
  IconLockOpen,
  IconQrcode,
  IconTrash,
  IconUserCheck,
  IconUserOff,
  IconUsersGroup,
  IconX
} from '@tabler/icons-react'
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
  const buttons = [
    ['email', () => openEmail(selectionOf(picked))],
    ['printSheet', () => printSheetFor({ selection: selectionOf(picked), count: pickedCount })],
    ['withdraw', () => void askToWithdraw(picked).catch(showProblem)],
    ...(isNarrow ? [] : [['disable', () => askToDisable(picked)] as const])
  ] as const
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('users.selection.bar')}>
      <IconButton icon={IconX} label={t('users.selection.clear')} onClick={onPickNone} />
      <output className={classes.picked}>
        {t(picked.kind === 'all' ? 'users.selection.all' : 'users.selection.count', { count: pickedCount })}
      </output>
      {buttons.map(([name, act]) => (
        <Button key={name} variant="default" size="compact-sm" className={classes.act} onClick={act}>
          {t(`users.bulk.${name}`)}
        </Button>
      ))}
      <MoreActs picked={picked} hasDisable={isNarrow} onPickNone={onPickNone} />
      {picked.kind === 'some' && pickedCount < count && (
        <Button variant="subtle" size="compact-sm" className={classes.act} onClick={onPickAll}>
          {t('users.selection.selectAll', { count })}
        </Button>
      )}
    </div>
  )
}

function MoreActs({ picked, hasDisable, onPickNone }: { picked: Picked; hasDisable: boolean; onPickNone: () => void }) {
  const items = [
    ['issue', IconQrcode, () => askToIssue(picked)],
    ['move', IconUsersGroup, () => askToMove(picked)],
    ...(hasDisable ? [['disable', IconUserOff, () => askToDisable(picked)] as const] : []),
    ['enable', IconUserCheck, () => askToEnable(picked)],
    ['unlock', IconLockOpen, () => void unlock(picked)],
    ['unprovision', IconDeviceMobileOff, () => void askToUnprovision(picked).catch(showProblem)],
    ['export', IconFileExport, () => void exportUsers(selectionOf(picked))]
  ] as const
  return (
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
        {items.map(([name, Icon, act]) => (
          <Menu.Item key={name} leftSection={<Icon size={16} aria-hidden />} onClick={act}>
            {t(`users.bulk.${name}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          color="danger"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => askToRemove(picked, onPickNone)}
        >
          {t('users.bulk.remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
