import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ask, bridge } from '../../bridge.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { CauseList } from './CauseList.tsx'
import classes from './Checks.module.css'

/** What is wrong with a user whatever the phone says; kept up to date while it is looked at. */
export function UserCheckView({ username }: { username: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['users', 'check', username],
    queryFn: () => ask(bridge.diagnostics.checkUser({ username }))
  })
  const again = () => void refetch()
  if (!data) return error ? <ErrorState error={error} onRetry={again} /> : <LoadingState lines={3} />
  return (
    <>
      {data.length === 0 ? (
        <p className={classes.verdict} data-tone="green" role="status">
          <IconCircleCheck size={18} aria-hidden />
          {t('troubleshooting.says.userWell', { username: isolate(username) })}
        </p>
      ) : (
        <CauseList causes={data} onMended={again} />
      )}
      <p className={classes.after}>{t('troubleshooting.says.sayMore')}</p>
    </>
  )
}
