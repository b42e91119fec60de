import type { ImportReport } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import classes from './Import.module.css'

const kinds = ['added', 'updated', 'unchanged', 'rejected', 'disabled'] as const
const numbers = new Intl.NumberFormat('en')

/** The numbers of an import; `hasLeavers` where whoever is missing from the file is to be disabled. */
export function ImportCounts({ report, hasLeavers }: { report: ImportReport; hasLeavers: boolean }) {
  return (
    <dl className={classes.counts}>
      {kinds.map((kind) => {
        if (kind === 'disabled' && !hasLeavers) return null
        const count = kind === 'rejected' ? report.rejected.length : report[kind]
        return (
          <div key={kind} className={classes.count} data-bad={(kind === 'rejected' && count > 0) || undefined}>
            <dt>{t(`import.counts.${kind}`)}</dt>
            <dd>{numbers.format(count)}</dd>
          </div>
        )
      })}
    </dl>
  )
}
