import { SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { CallInput } from '../../../shared/contract.ts'
import type { TemplateContent, TemplateFinding, TemplateKind, TemplateProblem } from '../../../shared/template.ts'
import { ask, bridge } from '../../bridge.ts'
import { useField } from '../../components/form/form-context.ts'
import { LoadingState } from '../../components/LoadingState.tsx'
import { MailPreviewView } from '../../mail/MailPreviewView.tsx'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import classes from './Transport.module.css'

/** As large as the rest of the console, and needed here alone. */
const CodeEditor = lazy(async () => ({ default: (await import('./CodeEditor.tsx')).CodeEditor }))

/** The draft is looked at once the typing pauses this long. */
const pauseMs = 350

const parts = ['html', 'text'] as const
type Part = (typeof parts)[number]

const noProblems: readonly TemplateProblem[] = []

/** Subject, HTML and text of a template on the one side, the mail that comes of them on the other. */
export function TemplateEditor({ kind, group }: { kind: TemplateKind; group: string | null }) {
  const subject = useField('subject')
  const html = useField('html')
  const text = useField('text')
  const [part, setPart] = useState<Part>('html')
  const draft: TemplateContent = {
    subject: textOf(subject.value),
    html: textOf(html.value),
    text: typeof text.value === 'string' ? text.value : null
  }
  const [settled] = useDebouncedValue(JSON.stringify(draft), pauseMs)
  const shown = useMemo(() => JSON.parse(settled) as TemplateContent, [settled])
  const finding = useQuery({
    queryKey: ['templates', 'validate', kind, group, settled],
    queryFn: () => ask(bridge.templates.validate({ kind, group, ...shown })),
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  const problems = finding.data?.problems ?? noProblems
  const problemsOf = (of: TemplateProblem['part']) => problems.filter((problem) => problem.part === of)
  const htmlProblems = useMemo(() => problems.filter((problem) => problem.part === 'html'), [problems])
  const textProblems = useMemo(() => problems.filter((problem) => problem.part === 'text'), [problems])
  const subjectProblem = problemsOf('subject').find(({ severity }) => severity === 'error')
  return (
    <div className={classes.editor}>
      <div className={classes.editSide}>
        <div className={classes.subject}>
          <TextInput
            id={subject.id}
            label={t('transport.templates.subject')}
            value={draft.subject}
            error={subject.reason ?? subjectProblem?.message}
            maxLength={1000}
            autoComplete="off"
            onChange={(event) => subject.edit(event.currentTarget.value)}
            onBlur={subject.touch}
          />
        </div>
        <div className={classes.partBar}>
          <SegmentedControl
            size="xs"
            aria-label={t('transport.templates.parts')}
            data={parts.map((each) => ({ value: each, label: t(`transport.templates.${each}`) }))}
            value={part}
            onChange={(value) => setPart(value === 'text' ? 'text' : 'html')}
          />
          {part === 'text' && (
            <SegmentedControl
              size="xs"
              aria-label={t('transport.templates.textWays')}
              data={[
                { value: 'generated', label: t('transport.templates.textGenerated') },
                { value: 'written', label: t('transport.templates.textWritten') }
              ]}
              value={draft.text === null ? 'generated' : 'written'}
              onChange={(value) => text.edit(value === 'written' ? (finding.data?.generatedText ?? '') : null)}
            />
          )}
        </div>
        <div className={classes.codeArea}>
          <Suspense fallback={<LoadingState />}>
            {part === 'html' && (
              <CodeEditor
                key="html"
                id={html.id}
                value={draft.html}
                kind={kind}
                isHtml
                label={t('transport.templates.html')}
                problems={htmlProblems}
                onChange={(value) => html.edit(value)}
              />
            )}
            {part === 'text' && draft.text !== null && (
              <CodeEditor
                key="text"
                id={text.id}
                value={draft.text}
                kind={kind}
                isHtml={false}
                label={t('transport.templates.text')}
                problems={textProblems}
                onChange={(value) => text.edit(value)}
              />
            )}
          </Suspense>
          {part === 'text' && draft.text === null && <GeneratedText finding={finding.data ?? null} />}
        </div>
        <Problems problems={problems} error={finding.error} />
      </div>
      <section className={classes.previewSide} aria-label={t('transport.templates.preview')}>
        <Preview kind={kind} group={group} draft={shown} isUsable={finding.data?.isUsable ?? true} />
      </section>
    </div>
  )
}

function GeneratedText({ finding }: { finding: TemplateFinding | null }) {
  return (
    <>
      <p className={classes.generatedNote}>{t('transport.templates.textGeneratedNote')}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it the keyboard cannot scroll it */}
      <pre className={classes.generated} tabIndex={0} aria-label={t('transport.templates.text')}>
        {finding?.generatedText}
      </pre>
    </>
  )
}

function Problems({ problems, error }: { problems: readonly TemplateProblem[]; error: unknown }) {
  if (error !== null) {
    return (
      <p className={classes.problem} role="alert">
        {problemText(error)}
      </p>
    )
  }
  if (problems.length === 0) {
    return (
      <p className={classes.noProblems}>
        <IconCircleCheck size={15} aria-hidden /> {t('transport.templates.noProblems')}
      </p>
    )
  }
  return (
    <ul className={classes.problems} aria-label={t('transport.templates.problems')}>
      {problems.map(({ part, severity, from, line, column, message }) => (
        <li key={`${part} ${from} ${message}`} data-tone={severity === 'error' ? 'red' : 'amber'}>
          {severity === 'error' ? <IconCircleX size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
          <span>
            {message}{' '}
            <span className={classes.dim}>
              {line > 1 || column > 1
                ? t('transport.templates.partPlace', { part: t(`transport.templates.partsOf.${part}`), line })
                : t(`transport.templates.partsOf.${part}`)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Preview({
  kind,
  group,
  draft,
  isUsable
}: {
  kind: TemplateKind
  group: string | null
  draft: TemplateContent
  isUsable: boolean
}) {
  const request: CallInput<'mail:preview'> = { kind, draft, ...(group !== null && { group }) }
  const { data, error } = useQuery({
    queryKey: ['mail', 'preview', request],
    queryFn: () => ask(bridge.mail.preview(request)),
    enabled: isUsable,
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  if (!isUsable) return <p className={classes.generatedNote}>{t('transport.templates.previewFailed')}</p>
  if (error) {
    return (
      <p className={classes.problem} role="alert">
        {problemText(error)}
      </p>
    )
  }
  return data ? <MailPreviewView preview={data} /> : <LoadingState />
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
