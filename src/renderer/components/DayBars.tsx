import { useId } from 'react'
import { monthDay, shortDate } from '../words/time.ts'
import classes from './DayBars.module.css'

const heightPx = 56

/** A small bar a day, the oldest first. `label` says in words what it shows; the exact numbers stand in a table beside it. */
export function DayBars({
  days,
  label,
  note,
  tone
}: {
  days: readonly { startMs: number; count: number }[]
  label: string
  /** Below its middle: what the highest bar stands for. */
  note: string
  tone: 'blue' | 'green' | 'amber'
}) {
  const id = useId()
  const most = Math.max(1, ...days.map(({ count }) => count))
  const step = 100 / days.length
  const [first] = days
  const last = days.at(-1)
  return (
    <div className={classes.chart} data-tone={tone}>
      <svg width="100%" height={heightPx} role="img" aria-labelledby={id}>
        <title id={id}>{label}</title>
        {days.map(({ startMs, count }, index) => {
          // What is there shows, however much more the other days have.
          const height = count === 0 ? 0 : Math.max(2, (count / most) * (heightPx - 2))
          return (
            <g key={startMs} className={classes.day}>
              <rect x={`${index * step}%`} y={0} width={`${step}%`} height={heightPx} className={classes.hit}>
                <title>{`${shortDate(startMs)}: ${count.toLocaleString('en')}`}</title>
              </rect>
              <rect
                x={`${(index + 0.12) * step}%`}
                y={heightPx - 1 - height}
                width={`${step * 0.76}%`}
                height={height}
                rx={1}
                className={classes.bar}
              />
            </g>
          )
        })}
        <line x1="0" x2="100%" y1={heightPx - 0.5} y2={heightPx - 0.5} className={classes.axis} />
      </svg>
      <div className={classes.ends} aria-hidden>
        <span>{first && monthDay(first.startMs)}</span>
        <span>{note}</span>
        <span>{last && monthDay(last.startMs)}</span>
      </div>
    </div>
  )
}
