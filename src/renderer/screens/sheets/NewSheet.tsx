import { Button, Checkbox, NumberInput, Progress, Select, TextInput } from '@mantine/core'
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { CodeLife } from '../../../shared/code.ts'
import { sheetLines, stockProblem, type SheetPlan, type StockEntry } from '../../../shared/sheet.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { showProblem } from '../../components/toast.tsx'
import { queries } from '../../queries.ts'
import { cancelTask, runTask, useTasks } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { describeProblem } from '../../words/problems.ts'
import { LetterEditor } from './LetterEditor.tsx'
import { setMadeSheet } from './made-sheet.ts'
import { openSheetList } from './open-sheet.ts'
import { PagePicture } from './PagePicture.tsx'
import { PlanSummary } from './PlanSummary.tsx'
import { PrinterFields } from './PrinterFields.tsx'
import { showTestPage } from './hand-over.ts'
import { useSelectedUsers } from './selected-users.ts'
import {
  designOf,
  exactFit,
  geometryOf,
  readPrinters,
  rememberedForm,
  rememberForm,
  selectionOfForm,
  writePrinter,
  type SheetForm
} from './sheet-form.ts'
import { StockFields } from './StockFields.tsx'
import { ValidityFields } from './ValidityFields.tsx'
import classes from './Sheets.module.css'

export function NewSheet() {
  const stock = useQuery(queries.stock)
  if (stock.isError) return <ErrorState error={stock.error} onRetry={() => void stock.refetch()} />
  if (!stock.data) return <LoadingState />
  return <Form stock={stock.data} />
}

function Form({ stock }: { stock: readonly StockEntry[] }) {
  const selected = useSelectedUsers()
  const [form, setForm] = useState(() => rememberedForm(selected !== null))
  const [fit, setFit] = useState(() => readPrinters()[form.printer] ?? exactFit)
  const [life, setLife] = useState<CodeLife | null>({})
  const [isEditingLetter, setEditingLetter] = useState(false)
  const [taskLabel, setTaskLabel] = useState<string | null>(null)
  const change = (changed: Partial<SheetForm>) => setForm((before) => ({ ...before, ...changed }))

  const geometry = geometryOf(form, stock)
  const isLetter = form.stock.startsWith('letter-')
  const isPossible = geometry === null ? isLetter : stockProblem(geometry) === null
  const request = {
    selection: selectionOfForm(form, selected?.selection ?? null),
    design: designOf(form, fit),
    ...life
  }
  // A plan looks at every user: not for each key, but once the typing rests.
  const asked = useDeferredValue(JSON.stringify(request))
  const plan = useQuery({
    queryKey: ['users', 'sheet-plan', asked],
    queryFn: () => ask(bridge.sheets.plan(JSON.parse(asked) as typeof request)),
    enabled: isPossible && life !== null,
    placeholderData: keepPreviousData
  })

  const make = useMutation({
    mutationFn: async () => {
      const label = t(isLetter ? 'sheets.makingLetters' : 'sheets.making', { count: plan.data?.labels ?? 0 })
      setTaskLabel(label)
      rememberForm(form)
      return runTask(label, (taskId) => ask(bridge.sheets.make({ ...request, taskId })))
    },
    onSuccess: ({ sheet, pdf, paper, skipped }) => setMadeSheet({ sheet, pdf, paper, skipped, isKept: false }),
    onError: showProblem,
    onSettled: () => setTaskLabel(null)
  })

  if (make.isPending && taskLabel !== null) return <Making label={taskLabel} />
  const start = () => {
    const ended = plan.data?.endedCodes ?? 0
    if (ended === 0) return make.mutate()
    confirmAct({
      title: t('sheets.askTitle', { count: plan.data?.labels ?? 0 }),
      text: t('sheets.askText', { count: ended }),
      verb: makeWords(plan.data, isLetter),
      onConfirm: () => make.mutate()
    })
  }
  const isReady =
    isPossible &&
    life !== null &&
    !plan.isFetching &&
    (plan.data?.labels ?? 0) > 0 &&
    plan.data?.leastModule?.verdict !== 'refused'

  return (
    <div className={classes.new}>
      <div className={classes.column}>
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes.back}
          leftSection={<IconArrowLeft size={15} aria-hidden />}
          onClick={openSheetList}
        >
          {t('sheets.detail.back')}
        </Button>
        <section className={classes.form}>
          <h2 className={classes.heading}>{t('sheets.who.title')}</h2>
          <WhoFields form={form} selectedCount={selected?.count ?? null} onChange={change} />
        </section>
        <section className={classes.form}>
          <h2 className={classes.heading}>{t('sheets.stock.title')}</h2>
          <StockFields form={form} stock={stock} onChange={change} />
          {geometry && (
            <NumberInput
              size="xs"
              label={t('sheets.start')}
              description={t('sheets.startHint')}
              min={1}
              max={geometry.columns * geometry.rows}
              clampBehavior="strict"
              allowDecimal={false}
              value={form.startAt}
              onChange={(value) => change({ startAt: Math.max(1, Number(value)) })}
            />
          )}
        </section>
        <section className={classes.form}>
          <h2 className={classes.heading}>{isLetter ? t('sheets.letter.title') : t('sheets.lines.title')}</h2>
          {isLetter ? (
            <div>
              <Button variant="default" onClick={() => setEditingLetter(true)}>
                {t('sheets.letter.edit')}
              </Button>
            </div>
          ) : (
            <LineFields form={form} onChange={change} />
          )}
        </section>
        <section className={classes.form}>
          <h2 className={classes.heading}>{t('sheets.validity.title')}</h2>
          <ValidityFields onChange={setLife} />
        </section>
        <section className={classes.form}>
          <h2 className={classes.heading}>{t('sheets.printer.title')}</h2>
          <PrinterFields
            printer={form.printer}
            fit={fit}
            onPrinter={(printer) => {
              change({ printer })
              setFit(readPrinters()[printer] ?? fit)
            }}
            onFit={(changed) => {
              setFit(changed)
              writePrinter(form.printer, changed)
            }}
            onTestPage={() => void showTestPage({ stock: request.design.stock, fit }).catch(showProblem)}
          />
        </section>
      </div>
      <div className={classes.aside}>
        {geometry && isPossible && (
          <PagePicture
            stock={geometry}
            startAt={form.startAt}
            labels={plan.data?.labels ?? 0}
            onStart={(startAt) => change({ startAt })}
          />
        )}
        {isLetter && <LetterPicture />}
        <section className={classes.plan} aria-live="polite">
          <h2 className={classes.heading}>{t('sheets.plan.title')}</h2>
          {plan.data && plan.data.labels > 0 && (
            <p className={classes.total}>
              {t('sheets.count', { count: plan.data.labels })} · {t('sheets.pages', { count: plan.data.pages })}
            </p>
          )}
          {plan.isError ? (
            <p className={classes.wrong}>{sentenceOf(plan.error)}</p>
          ) : (
            plan.data && <PlanSummary plan={plan.data} />
          )}
          <Button disabled={!isReady} leftSection={<IconPrinter size={15} aria-hidden />} onClick={start}>
            {makeWords(plan.data, isLetter)}
          </Button>
        </section>
      </div>
      {isEditingLetter && <LetterEditor onClose={() => setEditingLetter(false)} />}
    </div>
  )
}

function sentenceOf(error: unknown): string {
  const { sentence, detail } = describeProblem(error)
  return detail ?? sentence
}

function makeWords(plan: SheetPlan | undefined, isLetter: boolean): string {
  return t(isLetter ? 'sheets.plan.makeLetters' : 'sheets.plan.make', { count: plan?.labels ?? 0 })
}

function WhoFields({
  form,
  selectedCount,
  onChange
}: {
  form: SheetForm
  selectedCount: number | null
  onChange: (change: Partial<SheetForm>) => void
}) {
  const { data: groups } = useQuery(queries.groups)
  return (
    <div className={classes.row}>
      <Select
        className={classes.grow}
        label={t('sheets.who.label')}
        data={[
          ...(selectedCount === null
            ? []
            : [{ value: 'selected', label: t('sheets.who.selected', { count: selectedCount }) }]),
          { value: 'everybody', label: t('sheets.who.everybody') },
          ...(groups ?? []).map(({ name }) => ({ value: `group:${name}`, label: t('sheets.who.group', { name }) }))
        ]}
        value={form.who}
        onChange={(who) => onChange({ who: who ?? form.who })}
        allowDeselect={false}
      />
      {form.who !== 'selected' && (
        <Select
          className={classes.grow}
          label={t('sheets.who.state')}
          data={[
            { value: 'any', label: t('sheets.who.anyState') },
            { value: 'noApp', label: t('sheets.who.noApp') },
            { value: 'noLiveCode', label: t('sheets.who.noLiveCode') }
          ]}
          value={form.only}
          onChange={(only) => onChange({ only: only === 'noApp' || only === 'noLiveCode' ? only : 'any' })}
          allowDeselect={false}
        />
      )}
    </div>
  )
}

function LineFields({ form, onChange }: { form: SheetForm; onChange: (change: Partial<SheetForm>) => void }) {
  return (
    <>
      <div className={classes.checks}>
        {sheetLines.map((line) => (
          <Checkbox
            key={line}
            label={t(`sheets.lines.names.${line}`)}
            checked={form.lines.includes(line)}
            onChange={(event) => {
              const isWanted = event.currentTarget.checked
              onChange({ lines: sheetLines.filter((each) => (each === line ? isWanted : form.lines.includes(each))) })
            }}
          />
        ))}
      </div>
      {form.lines.includes('help') && (
        <TextInput
          label={t('sheets.lines.helpText')}
          maxLength={200}
          value={form.helpText}
          onChange={(event) => onChange({ helpText: event.currentTarget.value })}
        />
      )}
    </>
  )
}

/** Where things lie in a letter: address, heading, code, steps. */
function LetterPicture() {
  const bars = [102, 110, 116, 172, 178, 184, 190, 206, 212]
  return (
    <svg className={classes.page} viewBox="0 0 210 297" aria-hidden>
      <rect className={classes.paper} width={210} height={297} />
      <rect className={classes.window} x={20} y={45} width={85} height={45} rx={2} />
      {[64, 70, 76].map((y) => (
        <rect key={y} className={classes.bar} x={25} y={y} width={y === 64 ? 40 : 28} height={2.4} />
      ))}
      {bars.map((y) => (
        <rect key={y} className={classes.bar} x={25} y={y} width={y === 102 ? 80 : 150} height={y === 102 ? 4 : 2.4} />
      ))}
      <rect className={classes.code} x={25} y={124} width={40} height={40} />
      {[128, 140, 152].map((y) => (
        <rect key={y} className={classes.bar} x={74} y={y} width={50} height={3} />
      ))}
    </svg>
  )
}

function Making({ label }: { label: string }) {
  const task = useTasks().find((each) => each.label === label)
  const percent = task && task.total > 0 ? (task.done / task.total) * 100 : 0
  return (
    <div className={classes.making}>
      <h2 className={classes.heading}>{label}</h2>
      <p className={classes.hint}>{t('sheets.makingTitle')}</p>
      <Progress value={percent} aria-label={label} />
      <Button variant="default" disabled={!task || task.isCancelling} onClick={() => task && void cancelTask(task.id)}>
        {task?.isCancelling ? t('statusBar.cancelling') : t('actions.cancel')}
      </Button>
    </div>
  )
}
