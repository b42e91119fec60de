import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject
} from 'react'
import {
  headerPx,
  rowIndexOf,
  rowPx,
  rowAfterKey,
  rowSizes,
  useFocusOnActive,
  useRowsWithActive
} from '../../components/rows/row-list.ts'
import grid from '../../components/rows/rows.module.css'
import { t } from '../../words/index.ts'
import type { LogRows, View } from './log-rows.ts'
import { LogRow } from './LogRow.tsx'
import classes from './Log.module.css'

const overscanRows = 8
/** The view is told in steps of so many rows, so that scrolling redraws the rows alone. */
const viewStep = 50

const columns = ['time', 'user', 'what', 'actor'] as const

/**
 * Rows of the log, of which only those in view exist; one at a time is in the order of Tab. The row that has the focus keeps it
 * while new ones come above.
 */
export function LogTable({
  scroller,
  rows,
  lookedBackTo,
  openRow,
  onOpen,
  onView,
  onTop
}: {
  scroller: RefObject<HTMLDivElement | null>
  rows: LogRows
  lookedBackTo: number | null
  openRow: number | null
  onOpen: (row: number, how: 'mouse' | 'keyboard') => void
  onView: (view: View) => void
  onTop: (isAtTop: boolean) => void
}) {
  const { count } = rows
  const [active, setActive] = useState<number | null>(openRow)
  const activeIndex = active === null ? 0 : Math.max(0, rows.placeOf(active))
  const focusActive = useFocusOnActive(scroller, activeIndex)
  const virtualizer = useVirtualizer({
    ...rowSizes,
    count,
    getScrollElement: () => scroller.current,
    overscan: overscanRows,
    rangeExtractor: useRowsWithActive(activeIndex, count)
  })
  const { range, isScrolling } = virtualizer

  // Another list begins at its top.
  useEffect(() => onTop(true), [onTop])
  const first = Math.floor((range?.startIndex ?? 0) / viewStep) * viewStep
  const last = Math.ceil((range?.endIndex ?? 0) / viewStep) * viewStep
  useEffect(() => onView({ first, last, isScrolling }), [first, last, isScrolling, onView])

  const openIndex = openRow === null ? -1 : rows.placeOf(openRow)
  const shownRow = useRef<number | null>(null)
  useEffect(() => {
    // An entry that an address names is looked for once, then the list stays where the person puts it.
    if (openIndex < 0 || shownRow.current === openRow) return
    shownRow.current = openRow
    virtualizer.scrollToIndex(openIndex, { align: 'auto' })
  }, [openIndex, openRow, virtualizer])

  const onKeyDown = (event: KeyboardEvent) => {
    if (rowIndexOf(event.target) === null) return
    const heightPx = scroller.current?.clientHeight ?? 0
    const to = rowAfterKey(event.key, { activeIndex, count, heightPx })
    const row = rows.idAt(activeIndex)
    if (to !== undefined && !event.altKey) {
      const target = rows.idAt(to)
      if (to !== activeIndex && target !== null) focusActive()
      if (target !== null) setActive(target)
      virtualizer.scrollToIndex(to, { align: 'auto' })
    } else if ((event.key === 'Enter' || event.key === ' ') && row !== null) {
      onOpen(row, 'keyboard')
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  const rowOf = (event: MouseEvent | FocusEvent) => {
    const index = rowIndexOf(event.target)
    return index === null ? null : rows.idAt(index)
  }
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={t('logScreen.table')}
      aria-rowcount={lookedBackTo === null ? count + 1 : -1}
      aria-colcount={columns.length}
      tabIndex={-1}
      className={`${grid.table} ${classes.table}`}
      onScroll={(event) => onTop(event.currentTarget.scrollTop < rowPx / 2)}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const row = rowOf(event)
        if (row === null) return
        shownRow.current = row
        onOpen(row, 'mouse')
      }}
      onFocus={(event) => {
        const row = rowOf(event)
        if (row !== null) setActive(row)
      }}
    >
      <div role="rowgroup" className={grid.head}>
        <div role="row" aria-rowindex={1} className={grid.headRow}>
          {columns.map((column, index) => (
            <div key={column} role="columnheader" aria-colindex={index + 1} className={grid.headCell}>
              {t(`logScreen.columns.${column}`)}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={grid.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows.idAt(index)
          if (row === null) {
            return <LookingFurther key="further" before={lookedBackTo ?? 0} topPx={start - headerPx} />
          }
          return (
            <LogRow
              key={row}
              entry={rows.entryAt(index)}
              row={row}
              index={index}
              topPx={start - headerPx}
              isActive={index === activeIndex}
              isOpen={row === openRow}
            />
          )
        })}
      </div>
    </div>
  )
}

function LookingFurther({ before, topPx }: { before: number; topPx: number }) {
  return (
    <div role="row" className={grid.row} data-note style={{ transform: `translateY(${topPx}px)` }}>
      <div role="gridcell" className={classes.note}>
        {t('logScreen.lookingBack', { row: before })}
      </div>
    </div>
  )
}
