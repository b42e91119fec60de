import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { PlanList } from '../../../../shared/mail.ts'
import { ask, bridge } from '../../../bridge.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { LoadingState } from '../../../components/LoadingState.tsx'
import { t } from '../../../words/index.ts'
import type { MailingRequest } from './email-plan.ts'
import classes from './Email.module.css'

const usersAPage = 100

/** The users of one list of the plan, in pages. */
export function usePlannedUsers(request: MailingRequest, list: PlanList) {
  return useInfiniteQuery({
    queryKey: ['mail', 'planned', request, list],
    queryFn: ({ pageParam }) =>
      ask(
        bridge.mail.planned({ ...request, list, limit: usersAPage, ...(pageParam !== null && { after: pageParam }) })
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    gcTime: 0
  })
}

export function PlannedUsers({ request, list }: { request: MailingRequest; list: PlanList }) {
  const { data, error, isError, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = usePlannedUsers(
    request,
    list
  )
  const title = t(`mail.who.lists.${list}`)
  const users = data?.pages.flatMap((page) => page.users) ?? []
  return (
    <section className={classes.planned} aria-label={title}>
      <h3 className={classes.plannedTitle}>{title}</h3>
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {isPending && <LoadingState lines={6} />}
      {data && users.length === 0 && <p className={classes.note}>{t('mail.who.listEmpty')}</p>}
      {users.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it the keyboard cannot scroll it
        <div className={classes.plannedScroll} tabIndex={0} role="group" aria-label={title}>
          <table className={classes.plannedTable}>
            <thead>
              <tr>
                {(['username', 'name', 'email', 'group'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`mail.who.columns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {users.map(({ username, name, email, group }) => (
                <tr key={username}>
                  {[username, name, email, group].map((value, index) => (
                    // oxlint-disable-next-line react/no-array-index-key -- the columns never change
                    <td key={index} title={value}>
                      <bdi>{value}</bdi>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {hasNextPage && (
            <Button
              variant="subtle"
              size="compact-sm"
              m={6}
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {t('mail.who.more')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
