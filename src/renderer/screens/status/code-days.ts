import type { CodeDay } from '../../../shared/status.ts'
import { t } from '../../words/index.ts'
import { shortDate } from '../../words/time.ts'

export type CodeSeries = Exclude<keyof CodeDay, 'startMs'>

export const numbers = new Intl.NumberFormat('en')

export function countsOf(
  days: readonly CodeDay[],
  series: CodeSeries
): { counts: { startMs: number; count: number }[]; total: number } {
  const counts = days.map((day) => ({ startMs: day.startMs, count: day[series] }))
  return { counts, total: counts.reduce((sum, { count }) => sum + count, 0) }
}

/** What a chart shows, for those who do not see it. */
export function chartLabel(days: readonly CodeDay[], series: CodeSeries): string {
  const { counts, total } = countsOf(days, series)
  const most = counts.reduce((best, day) => (day.count > best.count ? day : best), { startMs: 0, count: 0 })
  const about = { series: t(`status.codes.${series}`), total, days: days.length }
  if (total === 0) return t('status.codes.labelNone', about)
  return t('status.codes.label', { ...about, most: most.count, day: shortDate(most.startMs) })
}
