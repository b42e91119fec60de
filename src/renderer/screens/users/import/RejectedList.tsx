import type { ImportRejection } from '../../../../shared/user.ts'
import { ReasonTable } from '../../../components/reason-table/ReasonTable.tsx'
import { saveCsv } from '../../../save-file.ts'
import { t } from '../../../words/index.ts'
import { rejectedCsv } from './rejected-csv.ts'
import classes from './Import.module.css'

/** Every line that cannot go in, or that should be looked at, and why. */
export function RejectedList({
  rejected,
  fileName,
  of = 'rejected'
}: {
  rejected: readonly ImportRejection[]
  fileName: string
  of?: 'rejected' | 'warnings'
}) {
  const name = `${t(`import.${of}.exportName`, { file: fileName.replace(/\.[^.]+$/, '') })}.csv`
  return (
    <ReasonTable
      title={t(`import.${of}.title`)}
      heading="h4"
      columns={[
        { name: t('import.rejected.line'), cell: ({ line }) => ({ children: line }) },
        {
          name: t('import.rejected.column'),
          cell: ({ column }) => ({
            children: column === null ? t('import.rejected.wholeLine') : t(`import.mapping.columns.${column}`)
          })
        },
        {
          name: t('import.rejected.reason'),
          cell: ({ reason }) => ({ title: reason, dir: 'auto', children: reason })
        }
      ]}
      rows={rejected}
      saveLabel={t('import.rejected.export')}
      onSave={() => saveCsv(name, rejectedCsv(rejected))}
      className={classes.rejectedTable}
    />
  )
}
