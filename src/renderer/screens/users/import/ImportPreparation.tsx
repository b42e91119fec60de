import { Button, Checkbox, Select, Skeleton } from '@mantine/core'
import type { ImportReading, ImportReport } from '../../../../shared/user.ts'
import { confirmAct } from '../../../components/confirm.tsx'
import { t } from '../../../words/index.ts'
import { describeProblem } from '../../../words/problems.ts'
import { isolate } from '../../../words/isolate.ts'
import { DisableMissing } from './DisableMissing.tsx'
import { ImportCounts } from './ImportCounts.tsx'
import { useTrial, type ImportFlow, type Preparation } from './import-flow.ts'
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
  const { file, reading, mapping, createGroups, skipBad, disableMissing } = preparation
  const trial = useTrial(preparation)
  const wrongMapping = mappingProblem(mapping)
  const report = wrongMapping === null ? trial.data : undefined
  const isCurrent = report !== undefined && !trial.isPlaceholderData && !trial.isFetching
  const blocked = wrongMapping ?? (trial.isError ? '' : blockedBecause(isCurrent ? report : undefined, preparation))
  const count = report ? report.added + report.updated : 0
  const leaving = report?.disabled ?? 0
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
          <DisableMissing value={disableMissing} onChange={(group) => change({ disableMissing: group })} />
        </div>
        {wrongMapping === null && (
          <section aria-live="polite" aria-busy={!isCurrent}>
            <h3 className={classes.heading}>{t('import.trial.title')}</h3>
            {trial.isError && <TrialProblem error={trial.error} />}
            {report && <TrialReport report={report} preparation={preparation} isOld={!isCurrent} />}
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
        <Button disabled={blocked !== null} onClick={() => askOrRun(preparation, count, leaving, flow.run)}>
          {buttonText(count, leaving)}
        </Button>
      </div>
    </>
  )
}

function buttonText(count: number, leaving: number): string {
  if (count > 0 && leaving > 0) return t('import.leavers.bothButton', { imported: count, count: leaving })
  if (count > 0) return t('import.button', { count })
  return leaving > 0 ? t('import.leavers.button', { count: leaving }) : t('import.buttonNone')
}

/** An import that disables somebody asks first. */
function askOrRun(preparation: Preparation, count: number, leaving: number, run: ImportFlow['run']): void {
  if (leaving === 0) return void run(preparation)
  confirmAct({
    title: t('import.leavers.askTitle', { count: leaving, group: isolate(preparation.disableMissing ?? '') }),
    text: t('import.leavers.askText', { count: leaving }),
    verb: t(count > 0 ? 'import.leavers.bothVerb' : 'import.leavers.verb', { count: leaving }),
    onConfirm: () => void run(preparation)
  })
}

/** Why the button is disabled, in words; null when it is not. */
function blockedBecause(report: ImportReport | undefined, { skipBad, disableMissing }: Preparation): string | null {
  if (disableMissing === '') return t('import.leavers.noGroup')
  if (!report) return t('import.blocked.checking')
  const badLines = new Set(report.rejected.map(({ line }) => line)).size
  if (badLines > 0 && !skipBad) return t('import.blocked.bad', { count: badLines })
  if (disableMissing !== null && report.hasNameless) return t('import.leavers.nameless')
  if (report.added + report.updated + report.disabled > 0) return null
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

function TrialReport({
  report,
  preparation,
  isOld
}: {
  report: ImportReport
  preparation: Preparation
  isOld: boolean
}) {
  const { file, disableMissing } = preparation
  return (
    <div className={classes.report} data-old={isOld || undefined}>
      <ImportCounts report={report} hasLeavers={disableMissing !== null} />
      {report.disabled > 0 && (
        <p className={classes.leavers}>
          {t('import.leavers.would', {
            count: report.disabled,
            group: isolate(disableMissing ?? ''),
            names: namesOf(report.leavers.map(isolate), report.disabled)
          })}
        </p>
      )}
      {report.createdGroups.length > 0 && (
        <p className={classes.groups}>
          {t('import.trial.newGroups', {
            count: report.createdGroups.length,
            names: namesOf(report.createdGroups.map(isolate))
          })}
        </p>
      )}
      {report.rejected.length > 0 && <RejectedList rejected={report.rejected} fileName={file.name} />}
      {report.warnings.length > 0 && <RejectedList rejected={report.warnings} fileName={file.name} of="warnings" />}
    </div>
  )
}
