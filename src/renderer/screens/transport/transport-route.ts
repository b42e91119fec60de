import { templateKinds, type TemplateKind } from '../../../shared/template.ts'
import { defaultTransportName } from '../../../shared/transport.ts'
import { navigate, type Route } from '../../routes.ts'

export const transportScreen = 'transport'

/** What the screen shows: the settings of one transport, or one template. */
export type TransportPlace =
  { part: 'server'; name: string } | { part: 'templates'; kind: TemplateKind; group: string | null }

/** No transport is named so: a colon is not allowed in a name. */
const templatePattern = /^template:([a-z]+)(?::(.+))?$/s

export function readTransportPlace(item: string | null): TransportPlace {
  const [, kindText, group] = templatePattern.exec(item ?? '') ?? []
  const kind = templateKinds.find((each) => each === kindText)
  if (kind) return { part: 'templates', kind, group: group ?? null }
  return { part: 'server', name: item ?? defaultTransportName }
}

export function routeOfPlace(place: TransportPlace): Route {
  const item =
    place.part === 'server' ? place.name : `template:${place.kind}${place.group === null ? '' : `:${place.group}`}`
  return { screen: transportScreen, item, params: {} }
}

export function showPlace(place: TransportPlace): void {
  navigate(routeOfPlace(place))
}

const tryParam = { part: 'try' }

/** Shows where a mail can be sent to oneself, with the focus in the address. */
export function showTransportTry(): void {
  navigate({ screen: transportScreen, item: null, params: tryParam })
}

export function isTryWanted({ params }: Pick<Route, 'params'>): boolean {
  return params['part'] === tryParam.part
}
