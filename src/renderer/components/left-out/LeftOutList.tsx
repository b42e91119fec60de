import { Box, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { SkippedUser } from '../../../shared/code.ts'
import { csvText } from '../../csv.ts'
import { fileDate, saveAsFile } from '../../save-file.ts'
import { t } from '../../words/index.ts'
import classes from './LeftOut.module.css'

const rowPx = 26
const headerPx = 27

/** Everybody whom an act left out, and why; only the rows in view exist. */
export function LeftOutList({ skipped }: { skipped: readonly SkippedUser[] }) {
  const scroller = useRef<HTMLTableElement>(null)
  const virtualizer = useVirtualizer({
    count: skipped.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollMargin: headerPx
  })
  const title = t('leftOut.title', { count: skipped.length })
  const save = () => {
    const rows = skipped.map(({ username, reason }) => [username, reason])
    const content = csvText([['username', 'reason'], ...rows])
    saveAsFile(`${t('leftOut.fileName')}-${fileDate()}.csv`, new Blob([content], { type: 'text/csv;charset=utf-8' }))
  }
  return (
    <section>
      <div className={classes.head}>
        <h3 className={classes.heading}>{title}</h3>
        <Button variant="subtle" size="compact-sm" leftSection={<IconDownload size={15} aria-hidden />} onClick={save}>
          {t('leftOut.save')}
        </Button>
      </div>
      <Box
        component="table"
        ref={scroller}
        tabIndex={0}
        aria-label={title}
        aria-rowcount={skipped.length + 1}
        className={classes.table}
      >
        <thead>
          <tr aria-rowindex={1} className={classes.row}>
            <th scope="col">{t('leftOut.username')}</th>
            <th scope="col">{t('leftOut.reason')}</th>
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const { username, reason } = skipped[index] as SkippedUser
            return (
              <tr
                key={index}
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ transform: `translateY(${start - headerPx}px)` }}
              >
                <td title={username}>
                  <bdi>{username}</bdi>
                </td>
                <td title={reason}>{reason}</td>
              </tr>
            )
          })}
        </tbody>
      </Box>
    </section>
  )
}
