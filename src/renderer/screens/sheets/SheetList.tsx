import { Button } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleMinus,
  IconCircleX,
  IconLoader2,
  IconPrinter
} from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { SheetEntry, SheetState } from '../../../shared/sheet.ts'
import { ask, bridge } from '../../bridge.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { CodeCounts } from './CodeCounts.tsx'
import { openNewSheet } from './open-sheet.ts'
import classes from './Sheets.module.css'

const pageRows = 100

export function SheetList() {
  const list = useInfiniteQuery({
    queryKey: ['sheets', 'list'],
    queryFn: ({ pageParam }) =>
      ask(bridge.sheets.list({ limit: pageRows, ...(pageParam === null ? {} : { beforeId: pageParam }) })),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next
  })
  if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return <LoadingState />
  const sheets = list.data.pages.flatMap((page) => page.sheets)
  if (sheets.length === 0) {
    return (
      <EmptyState icon={IconPrinter} title={t('sheets.list.emptyTitle')} text={t('sheets.list.emptyText')}>
        <Button onClick={openNewSheet}>{t('sheets.newSheet')}</Button>
      </EmptyState>
    )
  }
  return (
    <div className={classes.list}>
      <table className={classes.table} aria-label={t('sheets.list.label')}>
        <thead>
          <tr>
            <th className={classes.number}>{t('sheets.list.sheet')}</th>
            <th>{t('sheets.list.made')}</th>
            <th>{t('sheets.list.by')}</th>
            <th>{t('sheets.list.stock')}</th>
            <th className={classes.number}>{t('sheets.list.labels')}</th>
            <th>{t('sheets.list.state')}</th>
            <th>{t('sheets.list.codes')}</th>
          </tr>
        </thead>
        <tbody>
          {sheets.map((sheet) => (
            <Row key={sheet.id} sheet={sheet} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('sheets.list.more')}
        </Button>
      )}
    </div>
  )
}

const stateIcons: Record<SheetState, typeof IconPrinter> = {
  making: IconLoader2,
  offered: IconAlertTriangle,
  made: IconCircleCheck,
  failed: IconCircleX,
  withdrawn: IconCircleMinus
}

function Row({ sheet }: { sheet: SheetEntry }) {
  const StateIcon = stateIcons[sheet.state]
  return (
    <tr>
      <td className={classes.number}>
        <a href={formatRoute({ screen: 'sheets', item: String(sheet.id), params: {} })}>{sheet.id}</a>
      </td>
      <td className={classes.whole}>
        <RelativeTime atMs={sheet.madeAtMs} />
      </td>
      <td className={classes.cut} title={sheet.madeBy}>
        {sheet.madeBy}
      </td>
      <td className={classes.whole}>{sheet.part}</td>
      <td className={classes.number}>{sheet.labels.toLocaleString()}</td>
      <td data-state={sheet.state} className={classes.state}>
        <StateIcon size={14} stroke={1.75} aria-hidden />
        {t(`sheets.states.${sheet.state}`)}
      </td>
      <td>
        <CodeCounts codes={sheet.codes} />
      </td>
    </tr>
  )
}
