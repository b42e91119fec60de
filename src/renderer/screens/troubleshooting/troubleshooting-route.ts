import { symptoms, type Symptom } from '../../../shared/diagnostics.ts'
import { navigate, type Route } from '../../routes.ts'

export const troubleshootingScreen = 'troubleshooting'

/** The three ways into the screen, in their order. */
export const ways = ['says', 'phone', 'qr'] as const
export type Way = (typeof ways)[number]

/** As much of a name as the contract takes. */
const mostNameCharacters = 200

export interface SaysPlace {
  symptom: Symptom | null
  /** Empty where nobody is chosen. */
  username: string
}

/** The first way where the address names none. */
export function readWay(item: string | null): Way {
  return ways.find((way) => way === item) ?? 'says'
}

export function readSays({ error, user }: Route['params']): SaysPlace {
  return {
    symptom: symptoms.find((symptom) => symptom === error) ?? null,
    username: (user ?? '').trim().slice(0, mostNameCharacters)
  }
}

/** `#/troubleshooting/says?error=invalid-username&user=jdoe`, by which other screens lead here. */
export function routeToSays({ symptom, username }: SaysPlace): Route {
  return { screen: troubleshootingScreen, item: 'says', params: { error: symptom ?? '', user: username } }
}

export function routeToWay(way: Way): Route {
  return { screen: troubleshootingScreen, item: way, params: {} }
}

export function showWay(way: Way): void {
  navigate(routeToWay(way))
}
