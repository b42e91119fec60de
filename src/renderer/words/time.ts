import { t } from './index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Longer ago than this a date says more than a number of days. */
const mostRelativeMs = 30 * dayMs

/** British English where the system speaks none. */
export const locale = globalThis.navigator?.language?.startsWith('en-') ? navigator.language : 'en-GB'

export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const exact = Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit'
})
const brief = Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit'
})
const clock = Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const shortClock = Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const dayOnly = Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' })
const monthDayOnly = Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const dateOnly = Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })

/** To the second, with the zone's short and full name, which of UTC are one. */
export function exactTime(atMs: number): string {
  const short = zoneName(atMs)
  const time = `${exact.format(atMs)} ${short}`
  return short === timeZone ? time : t('time.exact', { time, zone: timeZone })
}

/** To the minute, with the zone's name: for sentences. */
export function briefTime(atMs: number): string {
  return `${brief.format(atMs)} ${zoneName(atMs)}`
}

export function briefDate(atMs: number): string {
  return dateOnly.format(atMs)
}

export function hourAndMinute(atMs: number): string {
  return shortClock.format(atMs)
}

/** Of the last weeks, where the year goes without saying. */
export function shortDate(atMs: number): string {
  return dayOnly.format(atMs)
}

/** Without the day of the week, where there is little room. */
export function monthDay(atMs: number): string {
  return monthDayOnly.format(atMs)
}

/** The time of the day to the second: where all that is shown is of today. */
export function clockTime(atMs: number): string {
  return clock.format(atMs)
}

const zoneNamers = [locale, 'en-GB'].map((each) => Intl.DateTimeFormat(each, { timeZoneName: 'short' }))

/** The zone's name at that time of the year. Locales name only zones of their own region (CET, EST) and count the others from GMT. */
export function zoneName(atMs: number): string {
  const names = zoneNamers.map((namer) => namer.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value)
  return names.find((name) => name !== undefined && !/[+−-]\d/.test(name)) ?? timeZone
}

/** A length of time in one unit, rounded so that it is never off by more than a quarter of itself. */
export function spanWords(durationMs: number): string {
  if (durationMs < minuteMs) return t('time.span.moment')
  if (durationMs < 100 * minuteMs) return t('time.span.minutes', { count: Math.round(durationMs / minuteMs) })
  if (durationMs < 2 * dayMs) return t('time.span.hours', { count: Math.round(durationMs / hourMs) })
  return t('time.span.days', { count: Math.round(durationMs / dayMs) })
}

const units = [
  ['day', dayMs],
  ['hour', hourMs],
  ['minute', minuteMs],
  ['second', 1000]
] as const

/** A length of time to the second, as people say it: `1 day 12 hours`. */
export function exactSpan(durationMs: number): string {
  const parts: string[] = []
  let restMs = durationMs
  for (const [unit, lengthMs] of units) {
    const count = Math.floor(restMs / lengthMs)
    restMs -= count * lengthMs
    if (count > 0) parts.push(t(`time.unit.${unit}`, { count }))
  }
  return parts.join(' ')
}

/** `3 h ago`, `in 5 min`; a date where it is more than a month off. */
export function relativeTime(atMs: number, nowMs: number): string {
  const awayMs = atMs - nowMs
  if (Math.abs(awayMs) > mostRelativeMs) return dateOnly.format(atMs)
  if (awayMs >= minuteMs) return t('time.in', { span: spanWords(awayMs) })
  if (awayMs > 0) return t('time.soon')
  return awayMs > -minuteMs ? t('time.justNow') : t('time.ago', { span: spanWords(-awayMs) })
}

/** How long before the one time the other was: `4 min earlier`. */
export function earlierTime(atMs: number, thanMs: number): string {
  return t('time.earlier', { span: spanWords(Math.max(0, thanMs - atMs)) })
}
