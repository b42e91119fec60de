import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask, bridge, CallError } from '../../bridge.ts'
import { queries } from '../../queries.ts'
import { followRenamedUser } from './user-route.ts'

/** The user of the drawer. Somebody else may rename the user meanwhile: the drawer goes along, once nothing is edited in it. */
export function useOpenUser(username: string, isEditing: boolean) {
  const named = useQuery(queries.user(username))
  const isNameGone = isNotFound(named.error)
  const id = named.data?.user.id
  const former = useQuery({ ...queries.formerUser(username, id ?? 0), enabled: isNameGone && id !== undefined })
  const renamed = isNameGone ? former.data : undefined
  const newName = renamed?.user.username
  useEffect(() => {
    if (newName !== undefined && !isEditing) followRenamedUser(username, newName)
  }, [username, newName, isEditing])
  const isGone = isNameGone && (id === undefined || isNotFound(former.error))
  const isFound = named.data !== undefined && (!isNameGone || renamed !== undefined)
  const failure = [named.error, former.error].find((error) => error !== null && !isNotFound(error)) ?? null
  return { data: renamed ?? named.data, isPending: named.isPending, isGone, isFound, failure, refetch: named.refetch }
}

/** Who removed a user that is gone, and when; null where the log does not tell. */
export function useRemoval(username: string) {
  const { data } = useQuery({
    queryKey: ['users', 'removal', username],
    queryFn: () => ask(bridge.log.list({ filter: { user: username, kinds: ['users.removed'] }, limit: 1 }))
  })
  return data?.entries[0] ?? null
}

function isNotFound(error: unknown): boolean {
  return error instanceof CallError && error.data.code === 'user-not-found'
}
