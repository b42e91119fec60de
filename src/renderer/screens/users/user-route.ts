import { appStates, codeStates, userSortColumns, type UserFilter, type UserSort } from '../../../shared/user.ts'
import { currentRoute, navigate, type Route } from '../../routes.ts'

export const usersScreen = 'users'

/** As much of a search as the contract takes. */
const mostQueryCharacters = 200

/** The filter that an address asks for; what is no filter in it is passed over. */
export function readFilter({ q, app, code, group, locked, disabled }: Route['params']): UserFilter {
  const query = (q ?? '').trim().slice(0, mostQueryCharacters)
  const apps = appStates.filter((state) => app?.split(',').includes(state))
  const codes = codeStates.filter((state) => code?.split(',').includes(state))
  return {
    ...(query !== '' && { query }),
    ...(group !== undefined && group !== '' && { group: group.slice(0, mostQueryCharacters) }),
    ...(apps.length > 0 && { app: apps }),
    ...(codes.length > 0 && { code: codes }),
    ...(locked === 'yes' && { locked: true }),
    ...((disabled === 'yes' || disabled === 'no') && { disabled: disabled === 'yes' })
  }
}

export function writeFilter(filter: UserFilter): Route['params'] {
  return {
    q: filter.query ?? '',
    app: filter.app?.join(',') ?? '',
    code: filter.code?.join(',') ?? '',
    group: filter.group ?? '',
    locked: filter.locked === true ? 'yes' : '',
    disabled: filter.disabled === undefined ? '' : filter.disabled ? 'yes' : 'no'
  }
}

export const usualSort: UserSort = { column: 'username', descending: false }

/** The order that an address asks for, such as `sort=email` or, the other way round, `sort=-email`. */
export function readSort({ sort = '' }: Route['params']): UserSort {
  const descending = sort.startsWith('-')
  const column = userSortColumns.find((each) => each === sort.slice(descending ? 1 : 0))
  return column ? { column, descending } : usualSort
}

export function writeSort({ column, descending }: UserSort): Route['params'] {
  return { sort: column === usualSort.column && !descending ? '' : `${descending ? '-' : ''}${column}` }
}

export function isFiltered(filter: UserFilter): boolean {
  return Object.keys(filter).length > 0
}

/** Shows the users that a filter leaves; whoever is open stays open, and the order stays. */
export function showUsers(filter: UserFilter): void {
  const { item, params } = usersRoute()
  navigate({ screen: usersScreen, item, params: { ...writeFilter(filter), ...writeSort(readSort(params)) } })
}

/** Puts the list in another order. */
export function sortUsers(sort: UserSort): void {
  const { item, params } = usersRoute()
  navigate({ screen: usersScreen, item, params: { ...params, ...writeSort(sort) } })
}

function usersRoute(): Pick<Route, 'item' | 'params'> {
  const { screen, item, params } = currentRoute()
  return screen === usersScreen ? { item, params } : { item: null, params: {} }
}

/** Opens a user beside the list, which keeps its filter and its order. */
export function openUser(username: string): void {
  navigate({ screen: usersScreen, item: username, params: usersRoute().params })
}

/** Keeps a user open who has another name by now. */
export function followRenamedUser(before: string, after: string): void {
  const route = currentRoute()
  if (route.screen === usersScreen && route.item === before) navigate({ ...route, item: after }, { replace: true })
}

/** Closes the user where that one is the one that is open. */
export function closeUserNamed(username: string): void {
  const { screen, item } = currentRoute()
  if (screen === usersScreen && item === username) closeUser()
}

export function closeUser(): void {
  const { params } = currentRoute()
  navigate({ screen: usersScreen, item: null, params })
}
