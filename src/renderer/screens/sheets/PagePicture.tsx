import { pageSizes, type LabelStock } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import classes from './Sheets.module.css'

/** The page as it lies before one; a click on a label makes it the first. */
export function PagePicture({
  stock,
  startAt,
  labels,
  onStart
}: {
  stock: LabelStock
  startAt: number
  /** How many are to be printed, to show which places they take on this page. */
  labels: number
  onStart: (startAt: number) => void
}) {
  const { widthMm, heightMm } = pageSizes[stock.page]
  const count = stock.columns * stock.rows
  return (
    <svg
      className={classes.page}
      viewBox={`0 0 ${widthMm} ${heightMm}`}
      role="img"
      aria-label={t('sheets.picture', { part: stock.part, start: startAt })}
    >
      <rect className={classes.paper} width={widthMm} height={heightMm} />
      {Array.from({ length: count }, (_, index) => {
        const number = index + 1
        const x = stock.leftMm + (index % stock.columns) * stock.pitchXMm
        const y = stock.topMm + Math.floor(index / stock.columns) * stock.pitchYMm
        const state = number < startAt ? 'gone' : number < startAt + labels ? 'taken' : 'free'
        const size = Math.min(stock.widthMm, stock.heightMm)
        return (
          <g key={number} className={classes.label} data-state={state} onClick={() => onStart(number)}>
            <title>{t('sheets.pickLabel', { number })}</title>
            <rect x={x} y={y} width={stock.widthMm} height={stock.heightMm} rx={1.5} />
            <text x={x + stock.widthMm / 2} y={y + stock.heightMm / 2} fontSize={Math.min(9, size / 3)}>
              {number}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
