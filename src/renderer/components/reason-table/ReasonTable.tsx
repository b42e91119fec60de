import { Box, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, type ComponentProps } from 'react'
import classes from './ReasonTable.module.css'

const rowPx = 26
const headerPx = 27

interface ReasonTableProps<Row> {
  title: string
  heading: 'h3' | 'h4'
  columns: readonly { name: string; cell: (row: Row) => ComponentProps<'td'> }[]
  rows: readonly Row[]
  saveLabel: string
  onSave: () => void
  /** Gives it `--tracks` for its columns and `--most-height`. */
  className: string | undefined
}

/** What was not done, and why; only the rows in view exist. */
export function ReasonTable<Row>(props: ReasonTableProps<Row>) {
  const { title, heading: Heading, columns, rows, saveLabel, onSave, className } = props
  const scroller = useRef<HTMLTableElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollMargin: headerPx
  })
  return (
    <section>
      <div className={classes.head}>
        <Heading className={classes.heading}>{title}</Heading>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={onSave}
        >
          {saveLabel}
        </Button>
      </div>
      <Box
        component="table"
        ref={scroller}
        tabIndex={0}
        aria-label={title}
        aria-rowcount={rows.length + 1}
        className={`${classes.table} ${className}`}
      >
        <thead>
          <tr aria-rowindex={1} className={classes.row}>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => (
            <tr
              key={index}
              aria-rowindex={index + 2}
              className={classes.row}
              style={{ transform: `translateY(${start - headerPx}px)` }}
            >
              {columns.map(({ name, cell }) => (
                <td key={name} {...cell(rows[index] as Row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </Box>
    </section>
  )
}
