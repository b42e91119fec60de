import { Box, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { ImportRejection } from '../../../../shared/user.ts'
import { saveAsFile } from '../../../save-file.ts'
import { t } from '../../../words/index.ts'
import { rejectedCsv } from './rejected-csv.ts'
import classes from './Import.module.css'

const rowPx = 26
const headerPx = 27

/** Every line that cannot go in, and why; only the rows in view exist. */
export function RejectedList({ rejected, fileName }: { rejected: readonly ImportRejection[]; fileName: string }) {
  const scroller = useRef<HTMLTableElement>(null)
  const virtualizer = useVirtualizer({
    count: rejected.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollMargin: headerPx
  })
  const name = `${t('import.rejected.exportName', { file: fileName.replace(/\.[^.]+$/, '') })}.csv`
  const title = t('import.rejected.title')
  return (
    <div className={classes.rejected}>
      <div className={classes.rejectedHead}>
        <h4 className={classes.heading}>{title}</h4>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => saveAsFile(name, new Blob([rejectedCsv(rejected)], { type: 'text/csv;charset=utf-8' }))}
        >
          {t('import.rejected.export')}
        </Button>
      </div>
      <Box
        component="table"
        ref={scroller}
        tabIndex={0}
        aria-label={title}
        aria-rowcount={rejected.length + 1}
        className={classes.rejectedTable}
      >
        <thead>
          <tr aria-rowindex={1} className={classes.rejectedRow}>
            <th scope="col">{t('import.rejected.line')}</th>
            <th scope="col">{t('import.rejected.column')}</th>
            <th scope="col">{t('import.rejected.reason')}</th>
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const { line, column, reason } = rejected[index] as ImportRejection
            return (
              <tr
                key={index}
                aria-rowindex={index + 2}
                className={classes.rejectedRow}
                style={{ transform: `translateY(${start - headerPx}px)` }}
              >
                <td>{line}</td>
                <td>{column === null ? t('import.rejected.wholeLine') : t(`import.mapping.columns.${column}`)}</td>
                <td className={classes.cut} title={reason} dir="auto">
                  {reason}
                </td>
              </tr>
            )
          })}
        </tbody>
      </Box>
    </div>
  )
}
