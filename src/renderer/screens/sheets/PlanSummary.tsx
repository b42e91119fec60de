import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react'
import { advisedModuleMm, refusedModuleMm } from '../../../shared/qr.ts'
import type { SheetPlan } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { asClause } from '../../words/problems.ts'
import { exactTime } from '../../words/time.ts'
import classes from './Sheets.module.css'

/** Names that are written out; the rest is in a tooltip. */
const fewNames = 4

/** What printing would come to, with everything that a person should know before codes are issued. */
export function PlanSummary({ plan }: { plan: SheetPlan }) {
  if (plan.labels === 0) {
    return (
      <ul className={classes.notes}>
        <Note tone="amber">{t('sheets.plan.nobody')}</Note>
        <LeftOut plan={plan} />
      </ul>
    )
  }
  const { leastModule: least, suitableParts, linesWithoutRoom, undrawnNames, namesWithoutMarks } = plan
  const size = least?.moduleMm.toFixed(2)
  const better =
    suitableParts.length > 0 ? ` ${t('sheets.plan.suitable', { parts: suitableParts.slice(0, 4).join(', ') })}` : ''
  const lines = linesWithoutRoom.map((line) => t(`sheets.lines.names.${line}`)).join(', ')
  return (
    <ul className={classes.notes}>
      {least?.verdict === 'good' && <Note tone="green">{t('sheets.plan.module', { size })}</Note>}
      {least?.verdict === 'small' && (
        <Note tone="amber">
          {t('sheets.plan.small', { username: isolate(least.username), size, advised: advisedModuleMm }) + better}
        </Note>
      )}
      {least?.verdict === 'refused' && (
        <Note tone="red">
          {t('sheets.plan.refused', { username: isolate(least.username), size, least: refusedModuleMm }) + better}
        </Note>
      )}
      <Note>{t('sheets.plan.until', { until: exactTime(plan.expiresAtMs) })}</Note>
      {plan.endedCodes > 0 && <Note tone="amber">{t('sheets.plan.endedCodes', { count: plan.endedCodes })}</Note>}
      {plan.provisioned > 0 && <Note tone="amber">{t('sheets.plan.provisioned', { count: plan.provisioned })}</Note>}
      <LeftOut plan={plan} />
      {lines !== '' && <Note tone="amber">{t('sheets.plan.noRoom', { lines })}</Note>}
      {undrawnNames.length > 0 && (
        <Note tone="amber">
          {t('sheets.plan.undrawn', { count: undrawnNames.length, usernames: some(undrawnNames) })}
        </Note>
      )}
      {namesWithoutMarks.length > 0 && (
        <Note tone="amber">
          {t('sheets.plan.withoutMarks', { count: namesWithoutMarks.length, usernames: some(namesWithoutMarks) })}
        </Note>
      )}
      {plan.isOffPage && <Note tone="red">{t('sheets.plan.offPage')}</Note>}
    </ul>
  )
}

function LeftOut({ plan }: { plan: SheetPlan }) {
  return plan.leftOut.map(({ reason, users, usernames }) => (
    <Note key={reason} title={usernames.join('\n')}>
      {t('sheets.plan.leftOut', { count: users, reason: asClause(reason) })}
    </Note>
  ))
}

function some(usernames: readonly string[]): string {
  const shown = usernames.slice(0, fewNames).map(isolate).join(', ')
  return usernames.length > fewNames ? `${shown}, …` : shown
}

const icons = { green: IconCircleCheck, amber: IconAlertTriangle, red: IconBan } as const

function Note({ tone, title, children }: { tone?: keyof typeof icons; title?: string; children: string }) {
  const ToneIcon = tone === undefined ? null : icons[tone]
  return (
    <li className={classes.note} data-tone={tone} title={title}>
      {ToneIcon ? <ToneIcon size={15} stroke={1.75} aria-hidden /> : <span className={classes.noIcon} />}
      <span>{children}</span>
    </li>
  )
}
