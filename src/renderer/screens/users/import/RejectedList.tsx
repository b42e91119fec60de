import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { ImportRejection } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import { rejectedCsv, saveAsFile } from './rejected-csv.ts'
import classes from './Import.module.css'

const rowPx = 26

/** Every line that cannot go in, and why; only the rows in view exist. */
export function RejectedList({ rejected, fileName }: { rejected: readonly ImportRejection[]; fileName: string }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rejected.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8
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
          onClick={() => saveAsFile(name, rejectedCsv(rejected))}
        >
          {t('import.rejected.export')}
        </Button>
      </div>
      <div role="table" aria-label={title} aria-rowcount={rejected.length + 1} className={classes.rejectedTable}>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className={classes.rejectedRow} data-head>
            <span role="columnheader">{t('import.rejected.line')}</span>
            <span role="columnheader">{t('import.rejected.column')}</span>
            <span role="columnheader">{t('import.rejected.reason')}</span>
          </div>
        </div>
        <div ref={scroller} role="rowgroup" tabIndex={0} className={classes.rejectedScroll}>
          <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const { line, column, reason } = rejected[index] as ImportRejection
              return (
                <div
                  key={index}
                  role="row"
                  aria-rowindex={index + 2}
                  className={classes.rejectedRow}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <span role="cell">{line}</span>
                  <span role="cell">
                    {column === null ? t('import.rejected.wholeLine') : t(`import.mapping.columns.${column}`)}
                  </span>
                  <span role="cell" className={classes.cut} title={reason} dir="auto">
                    {reason}
                  </span>
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </div>
  )
}
