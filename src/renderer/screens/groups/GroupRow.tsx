import { Checkbox, Select } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Group } from '../../../shared/group.ts'
import type { TemplateKind } from '../../../shared/template.ts'
import { useFocusAfter } from '../../components/focus-after.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { formatRoute, useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { usersScreen, writeFilter } from '../users/user-route.ts'
import { routeOfPlace } from '../transport/transport-route.ts'
import { renameGroup, setRight, setTransport, type GroupRight } from './group-acts.ts'
import classes from './Groups.module.css'
import { NameForm } from './NameForm.tsx'

export function GroupRow({
  group,
  transports,
  templates,
  onRemove
}: {
  group: Group
  /** That there are. */
  transports: readonly string[]
  /** Of its own. */
  templates: readonly TemplateKind[]
  onRemove: () => void
}) {
  /** What it was called when the renaming began; null while it is not renamed. */
  const [seenName, setSeenName] = useState<string | null>(null)
  const isRenaming = seenName !== null
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
            initial={seenName}
            verb={t('groups.saveName')}
            note={group.name !== seenName ? t('groups.renamedMeanwhile', { name }) : null}
            onSubmit={(wanted) => renameGroup(group.name, wanted)}
            onDone={() => setSeenName(null)}
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
      <TransportCell group={group} transports={transports} />
      <TemplatesCell group={group} templates={templates} />
      <td className={classes.acts}>
        {!isRenaming && (
          <>
            <IconButton
              ref={renameButton}
              icon={IconPencil}
              label={t('groups.rename', { name })}
              onClick={() => setSeenName(group.name)}
            />
            <IconButton icon={IconTrash} label={t('groups.remove', { name })} onClick={onRemove} />
          </>
        )}
      </td>
    </tr>
  )
}

/** With one transport there is nothing to choose. */
function TransportCell({ group, transports }: { group: Group; transports: readonly string[] }) {
  const { name, transport } = group
  const isKnown = transports.includes(transport)
  if (isKnown && transports.length === 1) {
    return (
      <td className={classes.transport}>
        <bdi className={classes.only}>{transport}</bdi>
      </td>
    )
  }
  const missing = { value: transport, label: t('groups.noTransport', { transport }) }
  return (
    <td className={classes.transport}>
      <Select
        aria-label={t('groups.transportNamed', { name: isolate(name) })}
        data={[...(isKnown ? [] : [missing]), ...transports.map((each) => ({ value: each, label: each }))]}
        value={transport}
        allowDeselect={false}
        onChange={(chosen) => chosen !== null && chosen !== transport && void setTransport(group, chosen)}
      />
    </td>
  )
}

function TemplatesCell({ group: { name }, templates }: { group: Group; templates: readonly TemplateKind[] }) {
  const [first = 'code'] = templates
  const shown =
    templates.length === 0 ? t('groups.generalTemplates') : t('groups.ownTemplates', { count: templates.length })
  return (
    <td className={classes.templates}>
      <a
        className={classes.link}
        href={formatRoute(routeOfPlace({ part: 'templates', kind: first, group: name }))}
        aria-label={t('groups.showTemplates', { shown, name: isolate(name) })}
        title={templates.map((kind) => t(`log.templates.${kind}`)).join(', ')}
      >
        {shown}
      </a>
    </td>
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
