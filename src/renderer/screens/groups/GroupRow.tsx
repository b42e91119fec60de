import { Checkbox } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Group } from '../../../shared/group.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { formatRoute, useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { usersScreen, writeFilter } from '../users/user-route.ts'
import { removeGroup, renameGroup, setRight, type GroupRight } from './group-acts.ts'
import classes from './Groups.module.css'
import { NameForm } from './NameForm.tsx'

export function GroupRow({ group }: { group: Group }) {
  const [isRenaming, setRenaming] = useState(false)
  const renameButton = useFocusAfter(isRenaming)
  const row = useRef<HTMLTableRowElement>(null)
  const isSought = useRoute().item === group.name
  useEffect(() => {
    if (isSought) row.current?.querySelector<HTMLElement>('input[type=checkbox]')?.focus()
  }, [isSought])
  const name = isolate(group.name)
  return (
    <tr ref={row} className={isRenaming ? classes.editing : undefined} data-sought={isSought || undefined}>
      {isRenaming ? (
        <td colSpan={2}>
          <NameForm
            label={t('groups.renameLabel', { name })}
            initial={group.name}
            verb={t('groups.saveName')}
            onSubmit={(wanted) => renameGroup(group.name, wanted)}
            onDone={() => setRenaming(false)}
          />
        </td>
      ) : (
        <>
          <th scope="row" className={classes.name}>
            <bdi>{group.name}</bdi>
          </th>
          <td className={classes.number}>
            {group.users === 0 ? (
              <span className={classes.zero}>0</span>
            ) : (
              <a
                className={classes.users}
                href={formatRoute({ screen: usersScreen, item: null, params: writeFilter({ group: group.name }) })}
                aria-label={t('groups.showUsers', { count: group.users, name })}
              >
                {group.users.toLocaleString('en')}
              </a>
            )}
          </td>
        </>
      )}
      <RightCell group={group} right="mobileClient" label={t('groups.mobileClientNamed', { name })} />
      <RightCell group={group} right="selfProvision" label={t('groups.selfProvisionNamed', { name })} />
      <td className={classes.acts}>
        {!isRenaming && (
          <>
            <IconButton
              ref={renameButton}
              icon={IconPencil}
              label={t('groups.rename', { name })}
              onClick={() => setRenaming(true)}
            />
            <IconButton icon={IconTrash} label={t('groups.remove', { name })} onClick={() => void removeGroup(group)} />
          </>
        )}
      </td>
    </tr>
  )
}

function RightCell({ group, right, label }: { group: Group; right: GroupRight; label: string }) {
  const isAllowed = group[right]
  return (
    <td className={classes.right}>
      <label className={classes.tick}>
        <Checkbox
          aria-label={label}
          checked={isAllowed}
          onChange={(event) => setRight(group, right, event.currentTarget.checked)}
        />
        <span aria-hidden>{t(isAllowed ? 'form.yes' : 'form.no')}</span>
      </label>
    </td>
  )
}

/** The button that began something has the focus again once that is over. */
function useFocusAfter(isGoingOn: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(isGoingOn)
  useEffect(() => {
    if (was.current && !isGoingOn) button.current?.focus()
    was.current = isGoingOn
  }, [isGoingOn])
  return button
}
