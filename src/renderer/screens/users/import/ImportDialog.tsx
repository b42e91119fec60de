import { Button, FileButton, Loader } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { assertNever } from '../../../../shared/errors.ts'
import { t } from '../../../words/index.ts'
import { describeProblem } from '../../../words/problems.ts'
import { FileProblem, type ImportFlow, type ImportStep } from './import-flow.ts'
import { ImportDone, ImportFailed } from './ImportDone.tsx'
import { ImportPreparation } from './ImportPreparation.tsx'
import { ImportRunning } from './ImportRunning.tsx'
import classes from './Import.module.css'

export function ImportDialog({ step, flow, onClose }: { step: ImportStep; flow: ImportFlow; onClose: () => void }) {
  switch (step.kind) {
    case 'choose':
      return <ChooseFile problem={step.problem} onChoose={(file) => void flow.choose(file)} />
    case 'reading':
      return (
        <output className={classes.reading}>
          <Loader size="xs" /> {t('import.reading', { file: step.name })}
        </output>
      )
    case 'prepare':
      return <ImportPreparation preparation={step.preparation} flow={flow} onClose={onClose} />
    case 'running':
      return <ImportRunning preparation={step.preparation} taskId={step.taskId} onClose={onClose} />
    case 'done':
      return <ImportDone preparation={step.preparation} report={step.report} onClose={onClose} />
    case 'failed':
      return <ImportFailed error={step.error} onBack={() => flow.prepare(step.preparation)} />
    default:
      return assertNever(step)
  }
}

function ChooseFile({ problem, onChoose }: { problem: unknown; onChoose: (file: File) => void }) {
  return (
    <div className={classes.choose}>
      {problem !== null && <ReadingProblem problem={problem} />}
      <IconFileImport size={36} stroke={1.25} className={classes.chooseIcon} aria-hidden />
      <p className={classes.chooseTitle}>{t('import.choose.title')}</p>
      <p className={classes.hint}>{t('import.choose.text')}</p>
      <FileButton
        accept=".csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values"
        onChange={(file) => file && onChoose(file)}
      >
        {(props) => (
          <Button {...props} data-autofocus>
            {t(problem === null ? 'import.choose.button' : 'import.choose.another')}
          </Button>
        )}
      </FileButton>
    </div>
  )
}

function ReadingProblem({ problem }: { problem: unknown }) {
  const { sentence, detail } =
    problem instanceof FileProblem ? { sentence: problem.message, detail: null } : describeProblem(problem)
  return (
    <div className={classes.problem} role="alert">
      <strong>{sentence}</strong>
      {detail !== null && <div>{detail}</div>}
    </div>
  )
}
