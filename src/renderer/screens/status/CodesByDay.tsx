import { Button, SegmentedControl } from '@mantine/core'
import { IconChartBar, IconCircleCheck, IconClockX, IconKey, IconTable } from '@tabler/icons-react'
import { useState } from 'react'
import { codeDays, type CodeDay } from '../../../shared/status.ts'
import { DayBars } from '../../components/DayBars.tsx'
import { Badge } from '../../components/StateBadge.tsx'
import { t } from '../../words/index.ts'
import { shortDate } from '../../words/time.ts'
import { chartLabel, countsOf, numbers } from './code-days.ts'
import classes from './Status.module.css'

const series = [
  { id: 'issued', icon: IconKey, tone: 'blue' },
  { id: 'used', icon: IconCircleCheck, tone: 'green' },
  { id: 'expired', icon: IconClockX, tone: 'amber' }
] as const

const spans = [14, codeDays]

/** What became of codes, a small chart for each; as a table on request. */
export function CodesByDay({ days: all }: { days: readonly CodeDay[] }) {
  const [span, setSpan] = useState(codeDays)
  const [isTable, setTable] = useState(false)
  const days = all.slice(-span)
  return (
    <section aria-labelledby="codes-by-day" className={classes.codes}>
      <div className={classes.sectionBar}>
        <h2 id="codes-by-day" className={classes.heading}>
          {t('status.codes.title')}
        </h2>
        <SegmentedControl
          size="xs"
          aria-label={t('status.codes.span')}
          value={String(span)}
          onChange={(value) => setSpan(Number(value))}
          data={spans.map((count) => ({ value: String(count), label: t('status.codes.days', { count }) }))}
        />
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={isTable ? <IconChartBar size={15} aria-hidden /> : <IconTable size={15} aria-hidden />}
          onClick={() => setTable(!isTable)}
        >
          {t(isTable ? 'status.codes.asChart' : 'status.codes.asTable')}
        </Button>
      </div>
      {isTable ? (
        <DayTable days={days} />
      ) : (
        <div className={classes.charts}>
          {series.map(({ id, icon, tone }) => {
            const { counts, total, most } = countsOf(days, id)
            return (
              <div key={id}>
                <div className={classes.chartHead}>
                  <Badge icon={icon} tone={tone} word={t(`status.codes.${id}`)} />
                  <span className={classes.number}>{numbers.format(total)}</span>
                </div>
                <DayBars
                  days={counts}
                  tone={tone}
                  label={chartLabel(days, id)}
                  note={total === 0 ? '' : t('status.codes.most', { count: most.count })}
                />
              </div>
            )
          })}
        </div>
      )}
    </section>
  )
}

/** The newest day first: it is the one that is looked for. */
function DayTable({ days }: { days: readonly CodeDay[] }) {
  return (
    <div className={classes.tableFrame} tabIndex={0} role="region" aria-label={t('status.codes.table')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('status.codes.day')}</th>
            {series.map(({ id }) => (
              <th key={id} scope="col" className={classes.number}>
                {t(`status.codes.${id}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.startMs}>
              <th scope="row">{shortDate(day.startMs)}</th>
              {series.map(({ id }) => (
                <td key={id} className={classes.number}>
                  {numbers.format(day[id])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
