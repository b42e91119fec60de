import { Button, Select } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { codeStates, type CodeState } from '../../../shared/user.ts'
import type { SheetEntry, SheetLabel } from '../../../shared/sheet.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { CodeStateBadge } from '../../components/StateBadge.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { formatRoute } from '../../routes.ts'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { exactTime } from '../../words/time.ts'
import { CodeCounts } from './CodeCounts.tsx'
import { forgetSheet, setMadeSheet } from './made-sheet.ts'
import { openNewSheet, openSheetList } from './open-sheet.ts'
import { labelCount } from './sheet-words.ts'
import classes from './Sheets.module.css'

const pageRows = 200

/** A sheet: whose codes it holds and what became of each. */
export function SheetDetail({ id }: { id: number }) {
  const [state, setState] = useState<CodeState | null>(null)
  const shown = useInfiniteQuery({
    queryKey: ['sheets', 'show', id, state],
    queryFn: ({ pageParam }) =>
      ask(bridge.sheets.show({ id, limit: pageRows, afterPosition: pageParam, ...(state === null ? {} : { state }) })),
    initialPageParam: -1,
    getNextPageParam: ({ next }) => next
  })
  if (shown.isError) return <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />
  const sheet = shown.data?.pages[0]?.sheet
  if (!sheet) return <LoadingState />
  const labels = shown.data?.pages.flatMap((page) => page.labels) ?? []
  return (
    <div className={classes.detail}>
      <Head sheet={sheet} />
      <div className={classes.filter}>
        <Select
          label={t('sheets.detail.show')}
          data={[
            { value: 'all', label: t('sheets.detail.all') },
            ...codeStates
              .filter((each) => sheet.codes[each] > 0)
              .map((each) => ({ value: each, label: t(`states.code.${each}`) }))
          ]}
          value={state ?? 'all'}
          onChange={(chosen) => setState(codeStates.find((each) => each === chosen) ?? null)}
          allowDeselect={false}
        />
      </div>
      <table className={classes.table} aria-label={t('sheets.preview.title', { sheet: id })}>
        <thead>
          <tr>
            <th className={classes.number}>{t('sheets.detail.page')}</th>
            <th className={classes.number}>{t('sheets.detail.label')}</th>
            <th>{t('sheets.detail.user')}</th>
            <th>{t('sheets.detail.name')}</th>
            <th>{t('sheets.detail.code')}</th>
            <th>{t('sheets.detail.ended')}</th>
          </tr>
        </thead>
        <tbody>
          {labels.map((label) => (
            <LabelRow key={label.position} label={label} />
          ))}
        </tbody>
      </table>
      {shown.hasNextPage && (
        <Button variant="subtle" loading={shown.isFetchingNextPage} onClick={() => void shown.fetchNextPage()}>
          {t('sheets.detail.more')}
        </Button>
      )}
    </div>
  )
}

function Head({ sheet }: { sheet: SheetEntry }) {
  const { id, codes, labels } = sheet
  const unused = labels - codes.used
  const isMaking = sheet.state === 'making'
  const withdraw = async () => {
    const { withdrawn } = await runTask(t('sheets.detail.withdraw'), (taskId) =>
      ask(bridge.sheets.withdraw({ id, taskId }))
    )
    forgetSheet(id)
    showToast(t('sheets.detail.withdrawn', { count: withdrawn }))
  }
  const reissue = async () => {
    const made = await runTask(t('sheets.making', { count: unused }), (taskId) =>
      ask(bridge.sheets.reissue({ id, taskId }))
    )
    setMadeSheet({ ...made, isKept: false })
    openNewSheet()
  }
  return (
    <div className={classes.head}>
      <Button
        variant="subtle"
        size="compact-sm"
        className={classes.back}
        leftSection={<IconArrowLeft size={15} aria-hidden />}
        onClick={openSheetList}
      >
        {t('sheets.detail.back')}
      </Button>
      <div className={classes.headRow}>
        <div className={classes.grow}>
          <h2 className={classes.heading}>
            {t('sheets.preview.title', { sheet: id })} · {t(`sheets.states.${sheet.state}`)}
          </h2>
          <p className={classes.hint}>
            {t('sheets.detail.madeBy', {
              when: exactTime(sheet.madeAtMs),
              who: isolate(sheet.madeBy),
              part: sheet.part
            })}
            {' · '}
            {t('sheets.preview.facts', {
              labels: labelCount(sheet.part, labels),
              pages: t('sheets.pages', { count: sheet.pages }),
              until: exactTime(sheet.expiresAtMs)
            })}
          </p>
          <CodeCounts codes={codes} />
        </div>
        <Button
          variant="default"
          disabled={isMaking || unused === 0}
          onClick={() =>
            confirmAct({
              title: t('sheets.detail.askReissue', { count: unused }),
              text: t('sheets.detail.askReissueText'),
              verb: t('sheets.detail.reissueVerb'),
              isDangerous: false,
              onConfirm: () => void reissue().catch(showProblem)
            })
          }
        >
          {t('sheets.detail.reissue')}
        </Button>
        <Button
          variant="subtle"
          color="danger"
          disabled={isMaking || codes.live === 0}
          onClick={() =>
            confirmAct({
              title: t('sheets.preview.askDiscard', { count: codes.live }),
              text: t('sheets.preview.askDiscardText'),
              verb: t('sheets.preview.discardVerb', { count: codes.live }),
              onConfirm: () => void withdraw().catch(showProblem)
            })
          }
        >
          {t('sheets.detail.withdraw')}
        </Button>
      </div>
    </div>
  )
}

function LabelRow({ label }: { label: SheetLabel }) {
  const { username, isRemoved } = label
  return (
    <tr>
      <td className={classes.number}>{label.page}</td>
      <td className={classes.number}>{label.position + 1}</td>
      <td className={classes.cut}>
        {isRemoved ? (
          <span className={classes.hint}>
            {username} ({t('sheets.detail.removed')})
          </span>
        ) : (
          <a href={formatRoute({ screen: 'users', item: username, params: {} })}>{username}</a>
        )}
      </td>
      <td className={classes.cut} dir="auto">
        {label.name}
      </td>
      <td>
        <CodeStateBadge state={label.code} expiresAtMs={label.expiresAtMs} />
      </td>
      <td>{label.endedAtMs === null ? '' : <RelativeTime atMs={label.endedAtMs} />}</td>
    </tr>
  )
}
