import {
  IconAlertTriangle,
  IconBan,
  IconCalendarTime,
  IconCircleCheck,
  IconClockPause,
  IconHandStop,
  IconHelpCircle,
  IconHourglass,
  IconPlayerPause,
  IconSend,
  type Icon
} from '@tabler/icons-react'
import type { BatchState, MessageState } from '../../../shared/outbox.ts'
import { Badge, type Tone } from '../../components/StateBadge.tsx'
import { t } from '../../words/index.ts'

const messageLooks: Record<MessageState, { icon: Icon; tone: Tone }> = {
  queued: { icon: IconHourglass, tone: 'grey' },
  sending: { icon: IconSend, tone: 'blue' },
  sent: { icon: IconCircleCheck, tone: 'green' },
  deferred: { icon: IconClockPause, tone: 'amber' },
  failed: { icon: IconAlertTriangle, tone: 'red' },
  unknown: { icon: IconHelpCircle, tone: 'amber' },
  cancelled: { icon: IconBan, tone: 'grey' }
}

const batchLooks: Record<BatchState, { icon: Icon; tone: Tone }> = {
  scheduled: { icon: IconCalendarTime, tone: 'grey' },
  sending: { icon: IconSend, tone: 'blue' },
  paused: { icon: IconPlayerPause, tone: 'amber' },
  stopped: { icon: IconHandStop, tone: 'red' },
  cancelled: { icon: IconBan, tone: 'grey' },
  done: { icon: IconCircleCheck, tone: 'green' }
}

export function MessageStateBadge({ state }: { state: MessageState }) {
  return (
    <Badge
      {...messageLooks[state]}
      word={t(`outbox.messageStates.${state}`)}
      hint={t(`outbox.messageHints.${state}`)}
    />
  )
}

export function BatchStateBadge({ state }: { state: BatchState }) {
  return <Badge {...batchLooks[state]} word={t(`outbox.states.${state}`)} />
}
