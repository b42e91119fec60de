import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { queries } from '../../queries.ts'
import { Checklist } from './Checklist.tsx'
import { Figures } from './Figures.tsx'
import { ServerFacts } from './ServerFacts.tsx'
import classes from './Status.module.css'

export function StatusScreen() {
  const { data: status, error, refetch } = useQuery(queries.status)
  const portal = useQuery(queries.portal)
  if (!portal.data && portal.error !== null)
    return <ErrorState error={portal.error} onRetry={() => void portal.refetch()} />
  if (!status && error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!status || !portal.data) return <LoadingState lines={10} />
  return (
    <div className={classes.screen}>
      <Checklist status={status} portal={portal.data} />
      <div className={classes.columns}>
        <Figures status={status} />
        <ServerFacts status={status} portal={portal.data} />
      </div>
    </div>
  )
}
