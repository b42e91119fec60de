import type { ImportReport } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import classes from './Import.module.css'

const kinds = ['added', 'updated', 'unchanged', 'rejected'] as const
const numbers = new Intl.NumberFormat('en')

/** The four numbers of an import. */
export function ImportCounts({ report }: { report: ImportReport }) {
  return (
    <dl className={classes.counts}>
      {kinds.map((kind) => {
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
