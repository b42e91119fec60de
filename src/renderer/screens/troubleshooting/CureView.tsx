import { Button, Select, TextInput } from '@mantine/core'
import { IconArrowRight, IconMail, IconQrcode } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../../shared/user.ts'
import { commandDefinitions } from '../../commands/definitions.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { queries } from '../../queries.ts'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { askToSetTimeRight } from '../status/set-time-right.ts'
import { openEmail } from '../users/email/email-opening.ts'
import { IssuePanel } from '../users/IssuePanel.tsx'
import { enableUser } from '../users/user-acts.ts'
import { openUser } from '../users/user-route.ts'
import { addUser, moveUser, unlockUser } from './cure-acts.ts'
import { commandOfScreen, placeOfCure, type Cure, type CurePlace } from './cures.ts'
import classes from './Checks.module.css'
import shared from './Troubleshooting.module.css'

interface CureProps {
  /** The first cause's button stands out. */
  isFirst: boolean
  onMended: () => void
}

/** The button that mends a cause, or leads to the place where it is mended. */
export function CureView({ cure, ...props }: { cure: Cure } & CureProps) {
  const place = placeOfCure(cure)
  if (place) return <PlaceLink place={place} isFirst={props.isFirst} text={placeText(cure, place)} />
  switch (cure.kind) {
    case 'user':
      return <UserCure cure={cure} {...props} />
    case 'add-user':
      return <AddUser username={cure.username} {...props} />
    case 'set-time-right':
      return (
        <div className={classes.cure}>
          <Button variant={props.isFirst ? 'filled' : 'default'} onClick={() => void askToSetTimeRight(props.onMended)}>
            {t('status.clockBehind.setRight')}
          </Button>
        </div>
      )
    case 'elsewhere':
      return cure.command === null ? null : <TerminalCommand command={cure.command} />
    default:
      return null
  }
}

function placeText(cure: Cure, { screen }: CurePlace): string {
  if (cure.kind === 'group') return t('troubleshooting.cure.group', { group: isolate(cure.group) })
  return commandDefinitions[commandOfScreen[screen]].title
}

function PlaceLink({ place, text, isFirst }: { place: CurePlace; text: string; isFirst: boolean }) {
  return (
    <div className={classes.cure}>
      <Button
        component="a"
        href={formatRoute(place)}
        variant={isFirst ? 'filled' : 'default'}
        rightSection={<IconArrowRight size={15} aria-hidden />}
      >
        {text}
      </Button>
    </div>
  )
}

function UserCure({
  cure: { act, username },
  isFirst,
  onMended
}: { cure: Extract<Cure, { kind: 'user' }> } & CureProps) {
  const variant = isFirst ? 'filled' : 'default'
  switch (act) {
    case 'issue':
      return <IssueCode username={username} variant={variant} />
    case 'enable':
      return (
        <div className={classes.cure}>
          <Button variant={variant} onClick={() => void enableUser(username).then(onMended)}>
            {t('troubleshooting.cure.enable', { username: isolate(username) })}
          </Button>
        </div>
      )
    case 'unlock':
      return (
        <div className={classes.cure}>
          <Button variant={variant} onClick={() => void unlockUser(username).then((isDone) => isDone && onMended())}>
            {t('troubleshooting.cure.unlock', { username: isolate(username) })}
          </Button>
        </div>
      )
    case 'open':
      return (
        <div className={classes.cure}>
          <Button variant={variant} onClick={() => openUser(username)}>
            {t('troubleshooting.cure.open', { username: isolate(username) })}
          </Button>
        </div>
      )
    case 'change-group':
      return <ChangeGroup username={username} variant={variant} onMended={onMended} />
    default:
      return act satisfies never
  }
}

type Variant = 'filled' | 'default'

/** The user as the console has it now; nothing until it is known. */
function useUser(username: string): User | undefined {
  return useQuery(queries.user(username)).data?.user
}

function IssueCode({ username, variant }: { username: string; variant: Variant }) {
  const [isIssuing, setIssuing] = useState(false)
  const user = useUser(username)
  if (isIssuing && user) {
    return (
      <div className={classes.issuing}>
        <IssuePanel user={user} />
      </div>
    )
  }
  return (
    <div className={classes.cure}>
      <Button variant={variant} leftSection={<IconQrcode size={15} aria-hidden />} onClick={() => setIssuing(true)}>
        {t('troubleshooting.cure.issue')}
      </Button>
      {user?.email !== '' && (
        <Button
          variant="default"
          leftSection={<IconMail size={15} aria-hidden />}
          onClick={() => openEmail({ usernames: [username] })}
        >
          {t('troubleshooting.cure.email')}
        </Button>
      )}
    </div>
  )
}

function ChangeGroup({ username, variant, onMended }: { username: string; variant: Variant; onMended: () => void }) {
  const user = useUser(username)
  const { data: groups } = useQuery(queries.groups)
  const [chosen, setChosen] = useState<string | null>(null)
  const others = (groups ?? []).filter(({ name, mobileClient }) => mobileClient && name !== user?.group)
  const group = chosen ?? others[0]?.name ?? null
  return (
    <>
      {groups && others.length === 0 && <p className={shared.dim}>{t('troubleshooting.cure.noOtherGroup')}</p>}
      <div className={classes.cure}>
        {group !== null && (
          <>
            <Select
              label={t('troubleshooting.cure.moveTo', { username: isolate(username) })}
              data={others.map(({ name }) => name)}
              value={group}
              allowDeselect={false}
              onChange={setChosen}
            />
            <Button
              variant={variant}
              onClick={() => void moveUser(username, group).then((isDone) => isDone && onMended())}
            >
              {t('troubleshooting.cure.move')}
            </Button>
          </>
        )}
        {user && (
          <Button
            component="a"
            href={formatRoute({ screen: 'groups', item: user.group, params: {} })}
            variant={others.length === 0 ? variant : 'default'}
            rightSection={<IconArrowRight size={15} aria-hidden />}
          >
            {t('troubleshooting.cure.allow', { group: isolate(user.group) })}
          </Button>
        )}
      </div>
    </>
  )
}

function AddUser({ username, isFirst, onMended }: { username: string } & CureProps) {
  const { data: groups } = useQuery(queries.groups)
  const [fields, setFields] = useState({ name: '', email: '' })
  const [chosen, setChosen] = useState<string | null>(null)
  const group = chosen ?? groups?.find(({ mobileClient }) => mobileClient)?.name ?? groups?.[0]?.name ?? null
  return (
    <form
      className={classes.addUser}
      onSubmit={(event) => {
        event.preventDefault()
        if (group !== null) void addUser({ username, ...fields, group }).then((isDone) => isDone && onMended())
      }}
    >
      <TextInput
        label={t('troubleshooting.cure.addName')}
        value={fields.name}
        autoComplete="off"
        onChange={(event) => setFields({ ...fields, name: event.currentTarget.value })}
      />
      <TextInput
        label={t('troubleshooting.cure.addEmail')}
        value={fields.email}
        autoComplete="off"
        onChange={(event) => setFields({ ...fields, email: event.currentTarget.value })}
      />
      <Select
        label={t('troubleshooting.cure.addGroup')}
        data={(groups ?? []).map(({ name }) => name)}
        value={group}
        allowDeselect={false}
        onChange={setChosen}
      />
      <Button type="submit" variant={isFirst ? 'filled' : 'default'} disabled={group === null}>
        {t('troubleshooting.cure.add', { username: isolate(username) })}
      </Button>
    </form>
  )
}

function TerminalCommand({ command }: { command: string }) {
  return (
    <p className={classes.terminal}>
      <span className={shared.dim}>{t('troubleshooting.cure.terminal')}</span>
      <code>{command}</code>
      <CopyButton text={command} label={t('actions.copyNamed', { what: command })} />
    </p>
  )
}
