import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleHalf2,
  IconClockX,
  IconKey,
  IconLock,
  IconReplace,
  IconUserOff,
  type Icon
} from '@tabler/icons-react'
import type { AppState, CodeState } from '../../shared/user.ts'
import { t } from '../words/index.ts'
import { briefTime, exactTime, relativeTime } from '../words/time.ts'
import { codeStateAt } from './code-state.ts'
import { useNowMs } from './now.ts'
import classes from './StateBadge.module.css'

export type Tone = 'grey' | 'blue' | 'green' | 'amber' | 'red'

const appLooks: Record<AppState, { icon: Icon; tone: Tone }> = {
  none: { icon: IconCircleDashed, tone: 'grey' },
  'set-up': { icon: IconCircleHalf2, tone: 'amber' },
  provisioned: { icon: IconCircleCheck, tone: 'green' }
}

const codeLooks: Record<CodeState, { icon: Icon; tone: Tone }> = {
  none: { icon: IconCircleDashed, tone: 'grey' },
  live: { icon: IconKey, tone: 'blue' },
  used: { icon: IconCircleCheck, tone: 'green' },
  failed: { icon: IconAlertTriangle, tone: 'red' },
  expired: { icon: IconClockX, tone: 'amber' },
  superseded: { icon: IconReplace, tone: 'grey' },
  withdrawn: { icon: IconBan, tone: 'grey' }
}

export function AppStateBadge({ state }: { state: AppState }) {
  return <Badge {...appLooks[state]} word={t(`states.app.${state}`)} />
}

/** The state of a code; of a live one also when it ends. */
export function CodeStateBadge({ state, expiresAtMs = null }: { state: CodeState; expiresAtMs?: number | null }) {
  const nowMs = useNowMs()
  const now = codeStateAt(state, expiresAtMs, nowMs)
  const isLive = now === 'live' && expiresAtMs !== null
  return (
    <Badge
      {...codeLooks[now]}
      word={t(`states.code.${now}`)}
      note={isLive ? t('states.ends', { when: relativeTime(expiresAtMs, nowMs) }) : undefined}
      hint={isLive ? exactTime(expiresAtMs) : undefined}
    />
  )
}

export function LockedBadge({ untilMs }: { untilMs: number }) {
  const nowMs = useNowMs()
  if (untilMs <= nowMs) return null
  return (
    <Badge
      icon={IconLock}
      tone="red"
      word={t('states.locked')}
      hint={t('states.lockedUntil', { until: briefTime(untilMs) })}
    />
  )
}

export function DisabledBadge() {
  return <Badge icon={IconUserOff} tone="grey" word={t('states.disabled')} hint={t('states.disabled')} />
}

/** A state as an icon, a word and a colour. */
export function Badge({
  icon: StateIcon,
  tone,
  word,
  note,
  hint
}: {
  icon: Icon
  tone: Tone
  word: string
  note?: string | undefined
  hint?: string | undefined
}) {
  return (
    <span className={classes.badge} data-tone={tone} title={hint}>
      <StateIcon size={15} stroke={1.75} className={classes.icon} aria-hidden />
      <span className={classes.word}>{word}</span>
      {note !== undefined && <span className={classes.note}>{note}</span>}
    </span>
  )
}
