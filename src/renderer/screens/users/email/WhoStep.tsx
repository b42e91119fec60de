import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconAlertOctagon } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { MailPlan, PlanList } from '../../../../shared/mail.ts'
import { mostValidityMs } from '../../../../shared/settings.ts'
import { useNowMs } from '../../../components/now.ts'
import { navigate } from '../../../routes.ts'
import { t } from '../../../words/index.ts'
import { spanWords, timeZone } from '../../../words/time.ts'
import { transportScreen } from '../../transport/transport-route.ts'
import { fieldLabel } from '../../transport/field-labels.ts'
import { toDateField } from '../code-life.ts'
import { ValiditySelect } from '../ValiditySelect.tsx'
import { closeEmail } from './email-opening.ts'
import { sendingTimes, type MailingRequest } from './email-plan.ts'
import type { Choices } from './email-choices.ts'
import { PlannedUsers } from './PlannedUsers.tsx'
import classes from './Email.module.css'

/** Who gets a code and who does not and why, how long the codes live, and when the mails go out. */
export function WhoStep({ plan, request, choices }: { plan: MailPlan; request: MailingRequest; choices: Choices }) {
  const [viewed, setViewed] = useState<PlanList | null>(null)
  const { recipients, liveCodes, locked, mixed, leftOut, publicAddress } = plan
  const view = { viewed, onView: setViewed }
  return (
    <div className={classes.who}>
      <div className={classes.whoMain}>
        {publicAddress.warning !== null && (
          <div className={classes.alarm} role="alert">
            <IconAlertOctagon size={18} aria-hidden />
            <div>
              <strong>{t('mail.who.publicAddress', { url: publicAddress.url })}</strong>
              <div>{publicAddress.warning}</div>
              <GoTo screen="name" item={null} word={t('mail.who.changePublicAddress')} />
            </div>
          </div>
        )}
        <Incomplete plan={plan} />
        <h3 className={classes.count}>
          {recipients === 0 ? t('mail.who.nobody') : t('mail.who.recipients', { count: recipients })}
        </h3>
        <ul className={classes.lists}>
          {recipients > 0 && (
            <Row list="recipients" {...view} text={t('mail.who.lists.recipients')} count={recipients} />
          )}
          {liveCodes > 0 && <Row list="live" {...view} text={t('mail.who.live', { count: liveCodes })} count={null} />}
          {locked > 0 && <Row list="locked" {...view} text={t('mail.who.locked', { count: locked })} count={null} />}
          {mixed > 0 && <Row list="mixed" {...view} text={t('mail.who.mixed', { count: mixed })} count={null} />}
        </ul>
        {leftOut.length > 0 && (
          <>
            <h3 className={classes.heading}>{t('mail.who.leftOut')}</h3>
            <ul className={classes.lists}>
              {leftOut.map(({ reason, users }) => (
                <Row key={reason} list={reason} {...view} text={t(`mail.who.reasons.${reason}`)} count={users} />
              ))}
            </ul>
          </>
        )}
        <Checkbox
          mt={8}
          label={t('mail.who.includeProvisioned')}
          checked={choices.includeProvisioned}
          onChange={(event) => choices.setIncludeProvisioned(event.currentTarget.checked)}
        />
        <TimeFields plan={plan} choices={choices} />
        <GoesBy plan={plan} />
      </div>
      <div className={classes.whoSide}>
        {viewed ? (
          <PlannedUsers key={viewed} request={request} list={viewed} />
        ) : (
          recipients > 0 && <PlannedUsers request={request} list="recipients" />
        )}
      </div>
    </div>
  )
}

function Row({
  list,
  text,
  count,
  viewed,
  onView
}: {
  list: PlanList
  text: ReactNode
  /** Null where the text says it. */
  count: number | null
  viewed: PlanList | null
  onView: (list: PlanList | null) => void
}) {
  const isViewed = viewed === list
  return (
    <li className={classes.listRow}>
      <span className={classes.listText}>{text}</span>
      {count !== null && <span className={classes.listCount}>{count.toLocaleString()}</span>}
      <Button
        variant="subtle"
        size="compact-sm"
        aria-pressed={isViewed}
        aria-label={t('mail.who.viewLabel', { what: t(`mail.who.lists.${list}`) })}
        onClick={() => onView(isViewed ? null : list)}
      >
        {t(isViewed ? 'mail.who.viewing' : 'mail.who.view')}
      </Button>
    </li>
  )
}

/** Transports that cannot send yet: nothing goes out before that is mended. */
function Incomplete({ plan: { transports } }: { plan: MailPlan }) {
  const incomplete = transports.filter(({ missing }) => missing.length > 0)
  if (incomplete.length === 0) return null
  return (
    <div className={classes.alarm} role="alert">
      <IconAlertOctagon size={18} aria-hidden />
      <div>
        {incomplete.map(({ name, missing }) => (
          <div key={name}>
            {t('mail.who.missing', { name, missing: missing.map(fieldLabel).join(', ').toLowerCase() })}
          </div>
        ))}
        <GoTo screen={transportScreen} item={incomplete[0]?.name ?? null} word={t('mail.who.setUp')} />
      </div>
    </div>
  )
}

/** Leaves the dialog for the screen where what is in its way is set. */
function GoTo({ screen, item, word }: { screen: string; item: string | null; word: string }) {
  return (
    <Button
      variant="default"
      size="compact-sm"
      mt={6}
      onClick={() => {
        closeEmail()
        navigate({ screen, item, params: {} })
      }}
    >
      {word}
    </Button>
  )
}

function TimeFields({ plan: { estimatedMs }, choices }: { plan: MailPlan; choices: Choices }) {
  const nowMs = useNowMs()
  const { validity, until, when, at, life, atMs } = choices
  return (
    <div className={classes.times}>
      <div className={classes.time}>
        <ValiditySelect label={t('mail.who.life')} value={validity} onChange={choices.setValidity} />
        {validity === 'until' && (
          <TextInput
            type="datetime-local"
            aria-label={t('user.code.until')}
            error={life === null && t('user.code.untilWrong')}
            value={until}
            min={toDateField(nowMs)}
            max={toDateField(nowMs + mostValidityMs)}
            mt={6}
            onChange={(event) => choices.setUntil(event.currentTarget.value)}
          />
        )}
        <p className={classes.note}>{t(validity === 'until' ? 'mail.who.untilNote' : 'mail.who.lifeNote')}</p>
      </div>
      <div className={classes.time}>
        <Select
          label={t('mail.who.when')}
          data={sendingTimes.map((value) => ({ value, label: t(`mail.who.whens.${value}`) }))}
          value={when}
          onChange={(value) => choices.setWhen(value === 'later' ? 'later' : 'now')}
          allowDeselect={false}
        />
        {when === 'later' && (
          <TextInput
            type="datetime-local"
            aria-label={t('mail.who.at')}
            error={atMs === null && t('mail.who.atWrong')}
            value={at}
            min={toDateField(nowMs)}
            mt={6}
            onChange={(event) => choices.setAt(event.currentTarget.value)}
          />
        )}
        <p className={classes.note}>
          {when === 'later'
            ? t('mail.who.atHint', { zone: timeZone })
            : estimatedMs !== null && t('mail.who.estimate', { span: spanWords(estimatedMs) })}
        </p>
      </div>
    </div>
  )
}

function GoesBy({ plan: { transports } }: { plan: MailPlan }) {
  const ready = transports.filter(({ missing }) => missing.length === 0)
  if (ready.length === 0) return null
  return (
    <p className={classes.note}>
      {t('mail.who.goesBy')}{' '}
      {ready
        .map(({ name, sender, recipients }) => t('mail.who.transport', { name, sender, count: recipients }))
        .join('; ')}
      .
    </p>
  )
}
