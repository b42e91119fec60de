import { useSyncExternalStore } from 'react'
import { isLeavingGuarded, leave } from './leaving.ts'

/** Where the window is: kept in the address, so that a reload and a bookmark come back to it. */
export interface Route {
  screen: string
  /** What is open on the screen, such as a user. */
  item: string | null
  /** What narrows the screen, such as a search. */
  params: Readonly<Record<string, string>>
}

export const firstScreen = 'status'

/** Reads `#/users/jdoe?q=…`; whatever is no such address is the first screen. */
export function parseRoute(hash: string): Route {
  const [, screen, item, query] = /^#\/([a-z-]+)(?:\/([^?]+))?(?:\?(.*))?$/s.exec(hash) ?? []
  if (screen === undefined) return { screen: firstScreen, item: null, params: {} }
  return { screen, item: decodeItem(item), params: Object.fromEntries(new URLSearchParams(query ?? '')) }
}

function decodeItem(text: string | undefined): string | null {
  if (text === undefined) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

export function formatRoute({ screen, item, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString()
  const path = item === null || item === '' ? screen : `${screen}/${encodeURIComponent(item)}`
  return `#/${path}${query === '' ? '' : `?${query}`}`
}

const listeners = new Set<() => void>()
const notify = () => {
  for (const listener of listeners) listener()
}

/** Goes somewhere. `replace` leaves no entry in the history: for what changes with every key. */
export function navigate(route: Route, { replace = false } = {}): void {
  const address = formatRoute(route)
  if (address === location.hash) return
  const go = () => {
    if (replace) history.replaceState(history.state, '', address)
    else history.pushState(null, '', address)
    shown = address
    notify()
  }
  if (isElsewhere(route, currentRoute())) leave(go)
  else go()
}

/** Whether what is being edited would be left; what merely narrows the screen does not leave it. */
function isElsewhere(route: Route, from: Route): boolean {
  return route.screen !== from.screen || route.item !== from.item
}

/** The address whose content is on the screen: another one stands in the bar only until a guard has been asked. */
let shown = ''

/** A link, the history or a typed address has changed the address already: it is put back until the guards let it go. */
function followAddress(): void {
  const route = parseRoute(location.hash)
  if (!isLeavingGuarded() || location.hash === shown || !isElsewhere(route, parseRoute(shown))) {
    shown = location.hash
    return notify()
  }
  history.pushState(null, '', shown === '' ? location.pathname + location.search : shown)
  navigate(route)
}

let parsed = { hash: '', route: parseRoute('') }

/** The present route; the same object as long as the address is the same. */
export function currentRoute(): Route {
  if (parsed.hash !== location.hash) parsed = { hash: location.hash, route: parseRoute(location.hash) }
  return parsed.route
}

export function useRoute(): Route {
  return useSyncExternalStore((listener) => {
    if (listeners.size === 0) {
      shown = location.hash
      window.addEventListener('hashchange', followAddress)
      window.addEventListener('popstate', followAddress)
    }
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentRoute)
}
