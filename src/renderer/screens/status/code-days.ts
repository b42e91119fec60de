import type { CodeDay } from '../../../shared/status.ts'
import { t } from '../../words/index.ts'
import { shortDate } from '../../words/time.ts'

export type CodeSeries = Exclude<keyof CodeDay, 'startMs'>

interface DayCount {
  startMs: number
  count: number
}

export const numbers = new Intl.NumberFormat('en')

export function countsOf(
  days: readonly CodeDay[],
  series: CodeSeries
): { counts: DayCount[]; total: number; most: DayCount } {
  const counts = days.map((day) => ({ startMs: day.startMs, count: day[series] }))
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const most = counts.reduce((best, day) => (day.count > best.count ? day : best), { startMs: 0, count: 0 })
  return { counts, total, most }
}

/** What a chart shows, for those who do not see it. */
export function chartLabel(days: readonly CodeDay[], series: CodeSeries): string {
  const { total, most } = countsOf(days, series)
  const about = { series: t(`status.codes.${series}`), total, days: days.length }
  if (total === 0) return t('status.codes.labelNone', about)
  return t('status.codes.label', { ...about, most: most.count, day: shortDate(most.startMs) })
}
