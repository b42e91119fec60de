import {
  IconAdjustments,
  IconAlertTriangle,
  IconDeviceMobile,
  IconHelpCircle,
  IconKey,
  IconMail,
  IconPrinter,
  IconServer,
  IconUser,
  type Icon
} from '@tabler/icons-react'
import { memo } from 'react'
import type { AuditEntry } from '../../../shared/audit.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import type { Tone } from '../../components/StateBadge.tsx'
import grid from '../../components/rows/rows.module.css'
import { auditSentence } from '../../words/audit-sentence.ts'
import { t } from '../../words/index.ts'
import { failureKinds, groupOf, type KindGroup } from './kind-groups.ts'
import classes from './Log.module.css'

const icons: Record<KindGroup, Icon> = {
  attempts: IconDeviceMobile,
  codes: IconKey,
  mail: IconMail,
  sheets: IconPrinter,
  users: IconUser,
  settings: IconAdjustments,
  server: IconServer
}

export function lookOf(kind: AuditEntry['kind']): { icon: Icon; tone: Tone } {
  const group = groupOf(kind)
  if (group === null) return { icon: IconHelpCircle, tone: 'red' }
  if (failureKinds.includes(kind)) {
    return { icon: IconAlertTriangle, tone: kind === 'mail.unknown' || kind === 'outbox.stopped' ? 'amber' : 'red' }
  }
  return { icon: icons[group], tone: kind === 'attempt.passed' ? 'green' : 'grey' }
}

/** Rows are many and redrawn while scrolling, so one that has not changed is left alone. The table hears their clicks and keys. */
export const LogRow = memo(function LogRow({
  entry,
  row,
  index,
  topPx,
  isActive,
  isOpen
}: {
  /** Null where there is no such row, undefined while it is on its way. */
  entry: AuditEntry | null | undefined
  row: number
  index: number
  topPx: number
  isActive: boolean
  isOpen: boolean
}) {
  return (
    <div
      role="row"
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      aria-busy={entry === undefined || undefined}
      tabIndex={isActive ? 0 : -1}
      className={grid.row}
      data-open={isOpen || undefined}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      {entry && <Cells entry={entry} />}
      {entry === null && (
        <div role="gridcell" aria-colindex={2} className={classes.missing}>
          <IconAlertTriangle size={15} aria-hidden />
          {t('logScreen.missing', { row })}
        </div>
      )}
      {entry === undefined && (
        <div
          role="gridcell"
          aria-colindex={2}
          aria-label={t('app.loading')}
          className={`${grid.coming} ${classes.coming}`}
        />
      )}
    </div>
  )
})

function Cells({ entry }: { entry: AuditEntry }) {
  const { icon: KindIcon, tone } = lookOf(entry.kind)
  const sentence = auditSentence(entry)
  const user = userText(entry)
  return (
    <>
      <div role="gridcell" aria-colindex={1} className={grid.cell} data-dim>
        <RelativeTime atMs={entry.atMs} className={grid.text} />
      </div>
      <div role="gridcell" aria-colindex={2} className={grid.cell} data-strong={entry.username !== '' || undefined}>
        <bdi className={grid.text} title={user}>
          {user}
        </bdi>
      </div>
      <div role="gridcell" aria-colindex={3} className={grid.cell}>
        <KindIcon size={15} stroke={1.75} className={classes.icon} data-tone={tone} aria-hidden />
        <span className={grid.text} title={sentence}>
          {sentence}
        </span>
      </div>
      <div role="gridcell" aria-colindex={4} className={grid.cell} data-dim>
        <bdi className={grid.text} title={entry.actor}>
          {actorText(entry.actor)}
        </bdi>
      </div>
    </>
  )
}

export function actorText(actor: string): string {
  if (actor === '') return t('logScreen.entry.nobody')
  return actor === 'portal' ? t('logScreen.entry.portal') : actor
}

/** The user, or how many of them an entry speaks of. */
function userText({ username, detail: { users, added, updated } }: AuditEntry): string {
  if (username !== '') return username
  const count = [users, added, updated].reduce<number>((sum, some) => sum + (Array.isArray(some) ? some.length : 0), 0)
  return count === 0 ? '' : t('logScreen.users', { count })
}
