import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { User, UserFilter, UserSort } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { tickNow } from '../../components/now.ts'
import { queryClient } from '../../queries.ts'
import { PageAnchors } from './page-anchors.ts'

export const pageSize = 100
/** Pages kept after they were scrolled away: enough to come back to, never the whole list. */
const mostKeptPages = 40

/** A list of users: those that a filter leaves, in an order. */
export interface UserListing {
  filter: UserFilter
  sort: UserSort
}

/** Anchors of the lists that were read last. */
const anchorsByListing = new Map<string, { anchors: PageAnchors; users: number | null }>()
const mostKeptListings = 20

function anchorsOf(listing: UserListing) {
  const key = JSON.stringify(listing)
  const known = anchorsByListing.get(key) ?? { anchors: new PageAnchors(pageSize), users: null }
  anchorsByListing.delete(key)
  anchorsByListing.set(key, known)
  const oldest = anchorsByListing.keys().next().value
  if (anchorsByListing.size > mostKeptListings && oldest !== undefined) anchorsByListing.delete(oldest)
  return known
}

function pageQuery(listing: UserListing, page: number) {
  return queryOptions({
    queryKey: ['users', 'page', listing, page],
    queryFn: async () => {
      const { anchors } = anchorsOf(listing)
      const { after, skip } = anchors.placeOf(page)
      const { users, next } = await ask(
        bridge.users.list({ ...listing, skip, limit: pageSize, ...(after !== null && { after }) })
      )
      anchors.noteEnd(page, next)
      tickNow()
      return users
    }
  })
}

/** How many users a list holds, with its first page at hand. */
function listQuery(listing: UserListing) {
  return queryOptions({
    queryKey: ['users', 'list', listing],
    queryFn: async () => {
      const [{ users }] = await Promise.all([
        ask(bridge.users.count({ filter: listing.filter })),
        queryClient.fetchQuery(pageQuery(listing, 0))
      ])
      const known = anchorsOf(listing)
      if (known.users !== null && known.users !== users) {
        known.anchors.clear()
        void queryClient.invalidateQueries({ queryKey: ['users', 'page', listing] })
      }
      known.users = users
      return { listing, users }
    },
    placeholderData: keepPreviousData
  })
}

/** The list that is on the screen: while another one is on its way, still the earlier one. */
export function useUserList(listing: UserListing) {
  return useQuery(listQuery(listing))
}

export function useUserCount(filter: UserFilter) {
  return useQuery({
    queryKey: ['users', 'count', filter],
    queryFn: async () => (await ask(bridge.users.count({ filter }))).users
  })
}

/** Users by their place in the list, of the pages asked for; undefined where they are still on their way. */
export function useUserPages(listing: UserListing, pages: readonly number[]) {
  const results = useQueries({ queries: pages.map((page) => pageQuery(listing, page)) })
  useEffect(dropFarPages, [listing, pages])
  return {
    userAt: (index: number): User | undefined => {
      const page = Math.floor(index / pageSize)
      // Pages that were read before show at once while the view races past them.
      const users = results[pages.indexOf(page)]?.data ?? queryClient.getQueryData(pageQuery(listing, page).queryKey)
      return users?.[index % pageSize]
    },
    error: results.find((result) => result.error !== null && result.data === undefined)?.error ?? null
  }
}

/** The users between two places of a list, both included; at most `mostUsers`, from the first on. */
export async function fetchUsersBetween(
  listing: UserListing,
  from: number,
  to: number,
  mostUsers: number
): Promise<User[]> {
  const first = Math.min(from, to)
  const last = Math.min(Math.max(from, to), first + mostUsers - 1)
  const users: User[] = []
  for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
    const inPage = await queryClient.fetchQuery(pageQuery(listing, page))
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
