import type { CodeLife } from '../../../shared/code.ts'
import { leastValidityMs, mostValidityMs } from '../../../shared/settings.ts'

/** How long an issued code is to live: the policy's choice, a usual span, or until a chosen time. */
export const validities = ['default', 'hour', 'day', 'week', 'until'] as const
export type Validity = (typeof validities)[number]

const spansMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const

/** What to ask for, or null while the chosen time cannot be taken. `until` is as a date field of the browser gives it. */
export function codeLifeOf(validity: Validity, until: string, nowMs: number): CodeLife | null {
  if (validity === 'default') return {}
  if (validity !== 'until') return { validForMs: spansMs[validity] }
  // Without a zone at its end the text means a time of this machine's zone.
  const untilMs = new Date(until).getTime()
  const isPossible = untilMs - nowMs >= leastValidityMs && untilMs - nowMs <= mostValidityMs
  return isPossible ? { untilMs } : null
}

/** A time as a date field of the browser takes it: this machine's zone, to the minute. */
export function toDateField(atMs: number): string {
  const at = new Date(atMs)
  const local = new Date(atMs - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Grouped in fives, as it is read out and typed; spaces in it are ignored. */
export function groupCode(code: string): string {
  return code.replace(/(.{5})(?=.)/gu, '$1 ')
}

/** Whole pixels a module, at most so many that the picture keeps within the width; `naturalPx` is its width at `naturalScale`. */
export function pictureWidth(naturalPx: number, naturalScale: number, leastScale: number, mostPx: number): number {
  const modules = naturalPx / naturalScale
  const scale = Math.max(leastScale, Math.min(naturalScale, Math.floor(mostPx / modules)))
  return modules * scale
}
