import { exactTime, relativeTime } from '../words/time.ts'
import { useNowMs } from './now.ts'

/** `3 h ago`, with the exact time and its zone on hover. */
export function RelativeTime({ atMs, className }: { atMs: number; className?: string | undefined }) {
  const nowMs = useNowMs()
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exactTime(atMs)} className={className}>
      {relativeTime(atMs, nowMs)}
    </time>
  )
}
