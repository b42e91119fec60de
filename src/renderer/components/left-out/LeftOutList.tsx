import type { SkippedUser } from '../../../shared/code.ts'
import { csvText } from '../../csv.ts'
import { fileDate, saveCsv } from '../../save-file.ts'
import { t } from '../../words/index.ts'
import { ReasonTable } from '../reason-table/ReasonTable.tsx'
import classes from './LeftOut.module.css'

/** Everybody whom an act left out, and why. */
export function LeftOutList({ skipped }: { skipped: readonly SkippedUser[] }) {
  const save = () => {
    const rows = skipped.map(({ username, reason }) => [username, reason])
    saveCsv(`${t('leftOut.fileName')}-${fileDate()}.csv`, csvText([['username', 'reason'], ...rows]))
  }
  return (
    <ReasonTable
      title={t('leftOut.title', { count: skipped.length })}
      heading="h3"
      columns={[
        {
          name: t('leftOut.username'),
          cell: ({ username }) => ({ title: username, children: isolated(username) })
        },
        { name: t('leftOut.reason'), cell: ({ reason }) => ({ title: reason, children: reason }) }
      ]}
      rows={skipped}
      saveLabel={t('leftOut.save')}
      onSave={save}
      className={classes.table}
    />
  )
}

function isolated(name: string) {
  return <bdi>{name}</bdi>
}
