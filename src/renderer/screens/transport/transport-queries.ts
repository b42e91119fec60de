import { queryOptions } from '@tanstack/react-query'
import type { TemplateKind } from '../../../shared/template.ts'
import { ask, bridge } from '../../bridge.ts'

export const transportsQuery = queryOptions({
  queryKey: ['transports'],
  queryFn: () => ask(bridge.transports.list({}))
})

export function templateQuery(kind: TemplateKind, group: string | null) {
  return queryOptions({
    queryKey: ['templates', kind, group],
    queryFn: () => ask(bridge.templates.get({ kind, group }))
  })
}
