import { Button, NumberInput } from '@mantine/core'
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { CodeLife } from '../../../shared/code.ts'
import { stockProblem, type SheetPlan, type StockEntry } from '../../../shared/sheet.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { showProblem } from '../../components/toast.tsx'
import { queries } from '../../queries.ts'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { describeProblem } from '../../words/problems.ts'
import { LetterEditor } from './LetterEditor.tsx'
import { LetterPicture } from './LetterPicture.tsx'
import { LineFields } from './LineFields.tsx'
import { Making } from './Making.tsx'
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
import { labelCount } from './sheet-words.ts'
import { StockFields } from './StockFields.tsx'
import { ValidityFields } from './ValidityFields.tsx'
import { WhoFields } from './WhoFields.tsx'
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
          {!isPossible ? (
            <p className={classes.wrong}>{t('sheets.plan.impossible')}</p>
          ) : plan.isError ? (
            <p className={classes.wrong}>{sentenceOf(plan.error)}</p>
          ) : (
            plan.data && <Plan plan={plan.data} part={form.stock} />
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

function Plan({ plan, part }: { plan: SheetPlan; part: string }) {
  return (
    <>
      {plan.labels > 0 && (
        <p className={classes.total}>
          {labelCount(part, plan.labels)} · {t('sheets.pages', { count: plan.pages })}
        </p>
      )}
      <PlanSummary plan={plan} />
    </>
  )
}

function sentenceOf(error: unknown): string {
  const { sentence, detail } = describeProblem(error)
  return detail ?? sentence
}

function makeWords(plan: SheetPlan | undefined, isLetter: boolean): string {
  return t(isLetter ? 'sheets.plan.makeLetters' : 'sheets.plan.make', { count: plan?.labels ?? 0 })
}
