import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { User, UserFilter } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { tickNow } from '../../components/now.ts'
import { queryClient } from '../../queries.ts'
import { PageAnchors } from './page-anchors.ts'

export const pageSize = 100
/** Pages kept after they were scrolled away: enough to come back to, never the whole list. */
const mostKeptPages = 40

/** Anchors of the lists that were read last, by their filter. */
const anchorsByFilter = new Map<string, { anchors: PageAnchors; users: number | null }>()
const mostKeptFilters = 20

function listOf(filter: UserFilter) {
  const key = JSON.stringify(filter)
  const known = anchorsByFilter.get(key) ?? { anchors: new PageAnchors(pageSize), users: null }
  anchorsByFilter.delete(key)
  anchorsByFilter.set(key, known)
  const oldest = anchorsByFilter.keys().next().value
  if (anchorsByFilter.size > mostKeptFilters && oldest !== undefined) anchorsByFilter.delete(oldest)
  return known
}

function pageQuery(filter: UserFilter, page: number) {
  return queryOptions({
    queryKey: ['users', 'page', filter, page],
    queryFn: async () => {
      const { anchors } = listOf(filter)
      const { after, skip } = anchors.placeOf(page)
      const { users, next } = await ask(
        bridge.users.list({ filter, skip, limit: pageSize, ...(after !== null && { after }) })
      )
      anchors.noteEnd(page, next)
      tickNow()
      return users
    }
  })
}

/** How many users a filter leaves, with its first page at hand. */
function listQuery(filter: UserFilter) {
  return queryOptions({
    queryKey: ['users', 'list', filter],
    queryFn: async () => {
      const [{ users }] = await Promise.all([
        ask(bridge.users.count({ filter })),
        queryClient.fetchQuery(pageQuery(filter, 0))
      ])
      const list = listOf(filter)
      if (list.users !== null && list.users !== users) {
        list.anchors.clear()
        void queryClient.invalidateQueries({ queryKey: ['users', 'page', filter] })
      }
      list.users = users
      return { filter, users }
    },
    placeholderData: keepPreviousData
  })
}

/** The list that is on the screen: while another filter's is on its way, still the earlier one. */
export function useUserList(filter: UserFilter) {
  return useQuery(listQuery(filter))
}

export function useUserCount(filter: UserFilter) {
  return useQuery({
    queryKey: ['users', 'count', filter],
    queryFn: async () => (await ask(bridge.users.count({ filter }))).users
  })
}

/** Users by their place in the list, of the pages asked for; undefined where they are still on their way. */
export function useUserPages(filter: UserFilter, pages: readonly number[]) {
  const results = useQueries({ queries: pages.map((page) => pageQuery(filter, page)) })
  useEffect(dropFarPages, [filter, pages])
  return {
    userAt: (index: number): User | undefined => {
      const page = Math.floor(index / pageSize)
      // Pages that were read before show at once while the view races past them.
      const users = results[pages.indexOf(page)]?.data ?? queryClient.getQueryData(pageQuery(filter, page).queryKey)
      return users?.[index % pageSize]
    },
    error: results.find((result) => result.error !== null && result.data === undefined)?.error ?? null
  }
}

/** The users between two places of a list, both included; at most `mostUsers`, from the first on. */
export async function fetchUsersBetween(
  filter: UserFilter,
  from: number,
  to: number,
  mostUsers: number
): Promise<User[]> {
  const first = Math.min(from, to)
  const last = Math.min(Math.max(from, to), first + mostUsers - 1)
  const users: User[] = []
  for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
    const inPage = await queryClient.fetchQuery(pageQuery(filter, page))
    const start = page * pageSize
    users.push(...inPage.slice(Math.max(0, first - start), last - start + 1))
  }
  return users
}

function dropFarPages(): void {
  const cache = queryClient.getQueryCache()
  const unused = cache.findAll({ queryKey: ['users', 'page'] }).filter((query) => !query.isActive())
  const byAge = unused.toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
  for (const query of byAge.slice(mostKeptPages)) cache.remove(query)
}
