import { Button, NumberInput } from '@mantine/core'
import {
  IconAlertTriangle,
  IconChevronLeft,
  IconChevronRight,
  IconCircleCheck,
  IconDeviceFloppy,
  IconPrinter
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { asClause } from '../../words/problems.ts'
import { exactTime } from '../../words/time.ts'
import { mostPrintedPages, printPdf, savePdf } from './hand-over.ts'
import { noteKept, setMadeSheet, type MadeSheetInHand } from './made-sheet.ts'
import { openSheet, openSheetList } from './open-sheet.ts'
import { isOvertaken, openPages, type PdfPages } from './pdf-pages.ts'
import { labelCount } from './sheet-words.ts'
import classes from './Sheets.module.css'

/** The file itself, page by page; what is printed and saved are its bytes. */
export function SheetPreview({ made }: { made: MadeSheetInHand }) {
  const { sheet, pdf, paper, skipped, isKept } = made
  const name = `Sheet ${sheet.id}.pdf`
  const isTooMany = !window.provisionDesktop && sheet.pages > mostPrintedPages
  const handOver = useMutation({
    mutationFn: async (act: typeof printPdf) => {
      if (!(await act(pdf, name, paper))) return false
      await ask(bridge.sheets.keep({ id: sheet.id }))
      noteKept(sheet.id)
      return true
    },
    onSuccess: (isDone, act) => {
      if (isDone && act === savePdf) showToast(t('sheets.preview.saved'))
    },
    onError: showProblem
  })
  const discard = () =>
    confirmAct({
      title: t('sheets.preview.askDiscard', { count: sheet.labels }),
      text: t('sheets.preview.askDiscardText'),
      verb: t('sheets.preview.discardVerb', { count: sheet.labels }),
      onConfirm: () => void withdraw().catch(showProblem)
    })
  const withdraw = async () => {
    const { withdrawn } = await ask(bridge.sheets.withdraw({ id: sheet.id }))
    setMadeSheet(null)
    showToast(t('sheets.detail.withdrawn', { count: withdrawn }))
    openSheetList()
  }
  const [first] = skipped
  return (
    <div className={classes.preview}>
      <div className={classes.previewBar}>
        <div className={classes.grow}>
          <h2 className={classes.heading}>{t('sheets.preview.title', { sheet: sheet.id })}</h2>
          <p className={classes.hint}>
            {t('sheets.preview.facts', {
              labels: labelCount(sheet.part, sheet.labels),
              pages: t('sheets.pages', { count: sheet.pages }),
              until: exactTime(sheet.expiresAtMs)
            })}
          </p>
        </div>
        <Button variant="subtle" color="danger" onClick={discard}>
          {t('sheets.preview.discard')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size={15} aria-hidden />}
          loading={handOver.isPending}
          onClick={() => handOver.mutate(savePdf)}
        >
          {t('sheets.preview.save')}
        </Button>
        <Button
          leftSection={<IconPrinter size={15} aria-hidden />}
          disabled={isTooMany || handOver.isPending}
          onClick={() => handOver.mutate(printPdf)}
        >
          {t('sheets.preview.print')}
        </Button>
        {isKept && (
          <Button
            variant="default"
            onClick={() => {
              setMadeSheet(null)
              openSheet(sheet.id)
            }}
          >
            {t('sheets.preview.done')}
          </Button>
        )}
      </div>
      <ul className={classes.previewNotes}>
        <li className={classes.note} data-tone="green">
          <IconCircleCheck size={15} stroke={1.75} aria-hidden />
          <span>{t('sheets.preview.checked')}</span>
        </li>
        <li className={classes.note} data-tone={isKept ? undefined : 'amber'}>
          {isKept ? (
            <IconCircleCheck size={15} stroke={1.75} aria-hidden />
          ) : (
            <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
          )}
          <span>{t(isKept ? 'sheets.preview.kept' : 'sheets.preview.warning')}</span>
        </li>
        {first && (
          <li className={classes.note} data-tone="amber" title={skipped.map(({ username }) => username).join('\n')}>
            <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
            <span>{t('sheets.preview.leftOut', { count: skipped.length, reason: asClause(first.reason) })}</span>
          </li>
        )}
        {isTooMany ? (
          <li className={classes.note} data-tone="amber">
            <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
            <span>{t('sheets.preview.tooMany', { count: mostPrintedPages })}</span>
          </li>
        ) : (
          <li className={classes.note}>
            <IconPrinter size={15} stroke={1.75} aria-hidden />
            <span>{t(`sheets.preview.paper.${paper}`)}</span>
          </li>
        )}
      </ul>
      <Pages pdf={pdf} />
    </div>
  )
}

function Pages({ pdf }: { pdf: Uint8Array }) {
  const [document, setDocument] = useState<PdfPages | null>(null)
  const [page, setPage] = useState(1)
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing')
  const canvas = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    let opened: PdfPages | null = null
    let isGone = false
    void (async () => {
      try {
        opened = await openPages(pdf)
        if (isGone) opened.close()
        else setDocument(opened)
      } catch {
        setState('failed')
      }
    })()
    return () => {
      isGone = true
      opened?.close()
    }
  }, [pdf])

  useEffect(() => {
    if (!document || !canvas.current) return
    setState('drawing')
    // Twice the size at which it is shown, so that small type stays sharp.
    document.draw(page, canvas.current, 2).then(
      () => setState('drawn'),
      (error: unknown) => {
        if (!isOvertaken(error)) setState('failed')
      }
    )
  }, [document, page])

  const pages = document?.pages ?? 1
  const go = (to: number) => setPage(Math.min(pages, Math.max(1, to)))
  return (
    <div className={classes.pages}>
      <div className={classes.pager}>
        <IconButton
          icon={IconChevronLeft}
          label={t('sheets.preview.previous')}
          disabled={page <= 1}
          onClick={() => go(page - 1)}
        />
        <NumberInput
          size="xs"
          w={64}
          hideControls
          aria-label={t('sheets.preview.pageField')}
          min={1}
          max={pages}
          allowDecimal={false}
          value={page}
          onChange={(value) => go(Number(value) || 1)}
        />
        <span>{t('sheets.preview.page', { page, pages })}</span>
        <IconButton
          icon={IconChevronRight}
          label={t('sheets.preview.next')}
          disabled={page >= pages}
          onClick={() => go(page + 1)}
        />
      </div>
      {state === 'failed' && (
        <p className={classes.wrong} role="alert">
          {t('sheets.preview.failed')}
        </p>
      )}
      <canvas
        ref={canvas}
        className={classes.sheet}
        role="img"
        data-state={state}
        aria-label={state === 'drawing' ? t('sheets.preview.loading') : t('sheets.preview.page', { page, pages })}
      />
    </div>
  )
}
