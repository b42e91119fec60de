import { Button, Checkbox, Select, Skeleton } from '@mantine/core'
import type { ImportReading, ImportReport } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import { describeProblem } from '../../../words/problems.ts'
import { isolate } from '../../../words/isolate.ts'
import type { ImportFlow } from './ImportDialog.tsx'
import { ImportCounts } from './ImportCounts.tsx'
import { useTrial, type Preparation } from './import-flow.ts'
import { mappingProblem } from './mapping.ts'
import { MappingTable } from './MappingTable.tsx'
import { namesOf } from './group-names.ts'
import { RejectedList } from './RejectedList.tsx'
import classes from './Import.module.css'

const delimiters: Record<ImportReading['delimiter'], string> = {
  ',': t('import.delimiter.comma'),
  ';': t('import.delimiter.semicolon'),
  '\t': t('import.delimiter.tab')
}

/** What the file says, what would become of it, and the button that makes it so. */
export function ImportPreparation({
  preparation,
  flow,
  onClose
}: {
  preparation: Preparation
  flow: ImportFlow
  onClose: () => void
}) {
  const { file, reading, mapping, createGroups, skipBad } = preparation
  const trial = useTrial(preparation)
  const wrongMapping = mappingProblem(mapping)
  const report = wrongMapping === null ? trial.data : undefined
  const isCurrent = report !== undefined && !trial.isPlaceholderData && !trial.isFetching
  const blocked = wrongMapping ?? (trial.isError ? '' : blockedBecause(isCurrent ? report : undefined, skipBad))
  const count = report ? report.added + report.updated : 0
  const change = (part: Partial<Preparation>) => flow.prepare({ ...preparation, ...part })
  return (
    <>
      <div className={classes.scroll}>
        <div className={classes.fileRow}>
          <span className={classes.fileName}>
            <bdi>{file.name}</bdi> <span className={classes.hint}>{reading.encoding.toUpperCase()}</span>
          </span>
          <Select
            label={t('import.delimiter.label')}
            classNames={{ root: classes.delimiter }}
            w={236}
            data={Object.entries(delimiters).map(([value, label]) => ({ value, label }))}
            value={reading.delimiter}
            allowDeselect={false}
            onChange={(value) => {
              if (value === ',' || value === ';' || value === '\t') void flow.separate(preparation, value)
            }}
          />
        </div>
        <MappingTable reading={reading} mapping={mapping} onChange={(next) => change({ mapping: next })} />
        <div className={classes.options}>
          <Checkbox
            label={t('import.options.createGroups')}
            checked={createGroups}
            onChange={(event) => change({ createGroups: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('import.options.skipBad')}
            checked={skipBad}
            onChange={(event) => change({ skipBad: event.currentTarget.checked })}
          />
        </div>
        {wrongMapping === null && (
          <section aria-live="polite" aria-busy={!isCurrent}>
            <h3 className={classes.heading}>{t('import.trial.title')}</h3>
            {trial.isError && <TrialProblem error={trial.error} />}
            {report && <TrialReport report={report} fileName={file.name} isOld={!isCurrent} />}
            {!report && !trial.isError && (
              <div className={classes.checking}>
                <Skeleton height={38} />
              </div>
            )}
          </section>
        )}
      </div>
      <div className={classes.foot}>
        <output className={classes.blocked}>{blocked}</output>
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button disabled={blocked !== null} onClick={() => void flow.run(preparation)}>
          {count > 0 ? t('import.button', { count }) : t('import.buttonNone')}
        </Button>
      </div>
    </>
  )
}

/** Why the button is disabled, in words; null when it is not. */
function blockedBecause(report: ImportReport | undefined, skipBad: boolean): string | null {
  if (!report) return t('import.blocked.checking')
  const badLines = new Set(report.rejected.map(({ line }) => line)).size
  if (badLines > 0 && !skipBad) return t('import.blocked.bad', { count: badLines })
  if (report.added + report.updated > 0) return null
  return t(report.unchanged > 0 ? 'import.blocked.nothing' : 'import.blocked.nobody')
}

function TrialProblem({ error }: { error: unknown }) {
  const { sentence, detail } = describeProblem(error)
  return (
    <div className={classes.problem} role="alert">
      <strong>{sentence}</strong>
      {detail !== null && <div>{detail}</div>}
    </div>
  )
}

function TrialReport({ report, fileName, isOld }: { report: ImportReport; fileName: string; isOld: boolean }) {
  return (
    <div className={classes.report} data-old={isOld || undefined}>
      <ImportCounts report={report} />
      {report.createdGroups.length > 0 && (
        <p className={classes.groups}>
          {t('import.trial.newGroups', {
            count: report.createdGroups.length,
            names: namesOf(report.createdGroups.map(isolate))
          })}
        </p>
      )}
      {report.rejected.length > 0 && <RejectedList rejected={report.rejected} fileName={fileName} />}
    </div>
  )
}
