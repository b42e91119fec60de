import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconArrowUp, IconHistoryOff } from '@tabler/icons-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useCommand } from '../../commands/registry.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import beside from '../../components/rows/beside.module.css'
import { usePanelFocus } from '../../components/rows/panel-focus.ts'
import { queryClient } from '../../queries.ts'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { EntryPanel } from './EntryPanel.tsx'
import { exportLog } from './log-acts.ts'
import {
  closeEntry,
  everything,
  filterOf,
  isEverything,
  isOver,
  openEntry,
  readLogChoice,
  readRow,
  showLog,
  type LogChoice
} from './log-route.ts'
import { useFoundLog, useWholeLog, type LogSource, type View } from './log-rows.ts'
import { LogFilterBar } from './LogFilterBar.tsx'
import { LogTable } from './LogTable.tsx'
import classes from './Log.module.css'

/** As the style sheet has it. */
const panelPx = 440
/** A list that would become narrower than this is covered by the open entry instead of making room. */
const leastTablePx = 560

const firstView: View = { first: 0, last: 50, isScrolling: false }

export function LogScreen() {
  const { params, item } = useRoute()
  const openRow = readRow(item)
  const choiceText = JSON.stringify(readLogChoice(params))
  const choice = useMemo(() => JSON.parse(choiceText) as LogChoice, [choiceText])
  // “The last hour” is the one before it was chosen: else the list would begin anew all the time.
  const filter = useMemo(() => filterOf(choice), [choice])
  const isWhole = isEverything(choice)
  const isPast = isOver(filter)

  const [view, setView] = useState(firstView)
  const [isAtTop, setAtTop] = useState(true)
  const isFollowing = isAtTop && !isPast
  const whole = useWholeLog(isWhole, view, isFollowing)
  const found = useFoundLog(isWhole ? null : filter, { view, isFollowing, isPast })
  const source = isWhole ? whole : found

  const { ref, width } = useElementSize()
  const scroller = useRef<HTMLDivElement>(null)
  const { takesFocus, noteOpening } = usePanelFocus(openRow)
  const open = useCallback(
    (row: number, how: 'mouse' | 'keyboard') => {
      noteOpening(how)
      openEntry(row)
    },
    [noteOpening]
  )
  useCommand('user.close', closeEntry, openRow !== null)
  useCommand('log.export', () => void exportLog(filter, 'csv'))
  const showLatest = () => {
    if (isPast) showLog({ ...choice, until: '' })
    scroller.current?.scrollTo({ top: 0 })
  }
  return (
    <div className={beside.screen} ref={ref}>
      <LogFilterBar choice={choice} filter={filter} source={source} isFollowing={isFollowing} />
      <div className={beside.area}>
        <div className={`${beside.list} ${classes.list}`}>
          {!isFollowing && source.later > 0 && (
            <div className={classes.later}>
              <Button size="compact-sm" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={showLatest}>
                {t('logScreen.later', { count: source.later })}
              </Button>
            </div>
          )}
          <List source={source}>
            <LogTable
              key={choiceText}
              scroller={scroller}
              rows={source.rows}
              lookedBackTo={source.lookedBackTo}
              openRow={openRow}
              onOpen={open}
              onView={setView}
              onTop={setAtTop}
            />
          </List>
        </div>
        {openRow !== null && (
          <div className={`${beside.panel} ${classes.panel}`} data-over={width < panelPx + leastTablePx || undefined}>
            <EntryPanel key={openRow} row={openRow} takesFocus={takesFocus} onClose={closeEntry} />
          </div>
        )}
      </div>
    </div>
  )
}

function List({ source, children }: { source: LogSource; children: React.ReactNode }) {
  if (source.error) {
    const retry = () => ['log', 'log-found'].forEach((key) => void queryClient.invalidateQueries({ queryKey: [key] }))
    return <ErrorState error={source.error} onRetry={retry} />
  }
  if (source.isPending) return <LoadingState lines={8} />
  if (source.rows.count > 0) return children
  return (
    <EmptyState icon={IconHistoryOff} title={t('logScreen.empty.title')} text={t('logScreen.empty.text')}>
      <Button variant="default" onClick={() => showLog(everything)}>
        {t('logScreen.empty.button')}
      </Button>
    </EmptyState>
  )
}
