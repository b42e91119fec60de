import { Button } from '@mantine/core'
import type { ImportReport } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import { asClause, describeProblem } from '../../../words/problems.ts'
import { isolate } from '../../../words/isolate.ts'
import { showUsers } from '../user-route.ts'
import { namesOf } from './group-names.ts'
import { ImportCounts } from './ImportCounts.tsx'
import type { Preparation } from './import-flow.ts'
import { RejectedList } from './RejectedList.tsx'
import classes from './Import.module.css'

/** What an import did. */
export function ImportDone({
  preparation,
  report,
  onClose
}: {
  preparation: Preparation
  report: ImportReport
  onClose: () => void
}) {
  const count = report.added + report.updated
  const { disableMissing } = preparation
  const hasDisabled = report.written && report.disabled > 0
  const isWritten = report.written && count > 0
  return (
    <>
      <div className={classes.scroll}>
        <h3 className={classes.doneTitle}>
          <output>
            {isWritten
              ? t('import.done.title', { count })
              : hasDisabled
                ? t('import.leavers.doneTitle', { count: report.disabled })
                : t('import.done.nothing')}
          </output>
        </h3>
        {report.stopped !== null && (
          <div className={classes.problem}>
            <strong>{t('import.done.stopped', { reason: asClause(report.stopped) })}</strong> {t('import.done.kept')}
          </div>
        )}
        <ImportCounts report={report} hasLeavers={disableMissing !== null} />
        {hasDisabled && (
          <p className={classes.groups}>
            {t('import.leavers.done', {
              count: report.disabled,
              group: isolate(disableMissing ?? ''),
              names: namesOf(report.leavers.map(isolate), report.disabled)
            })}
          </p>
        )}
        {isWritten && report.createdGroups.length > 0 && (
          <p className={classes.groups}>
            {t('import.done.groups', {
              count: report.createdGroups.length,
              names: namesOf(report.createdGroups.map(isolate))
            })}
          </p>
        )}
        {report.rejected.length > 0 && <RejectedList rejected={report.rejected} fileName={preparation.file.name} />}
        {report.warnings.length > 0 && (
          <RejectedList rejected={report.warnings} fileName={preparation.file.name} of="warnings" />
        )}
      </div>
      <div className={classes.foot}>
        <span className={classes.blocked} />
        <Button variant="default" onClick={onClose}>
          {t('actions.close')}
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            onClose()
            showUsers({})
          }}
        >
          {t('import.done.show')}
        </Button>
      </div>
    </>
  )
}

/** An import that could not begin, or whose console was lost on the way. */
export function ImportFailed({ error, onBack }: { error: unknown; onBack: () => void }) {
  const { sentence, detail } = describeProblem(error)
  return (
    <>
      <div className={classes.scroll}>
        <h3 className={classes.doneTitle}>{t('import.done.failed')}</h3>
        <div className={classes.problem} role="alert">
          <strong>{sentence}</strong>
          {detail !== null && <div>{detail}</div>}
        </div>
        <p className={classes.hint}>{t('import.done.kept')}</p>
      </div>
      <div className={classes.foot}>
        <span className={classes.blocked} />
        <Button onClick={onBack}>{t('import.done.back')}</Button>
      </div>
    </>
  )
}
