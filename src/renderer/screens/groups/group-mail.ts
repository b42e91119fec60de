import { queryOptions, useQuery } from '@tanstack/react-query'
import type { TemplateKind } from '../../../shared/template.ts'
import { ask, bridge } from '../../bridge.ts'
import { transportsQuery } from '../transport/transport-queries.ts'

const templatesQuery = queryOptions({ queryKey: ['templates'], queryFn: () => ask(bridge.templates.list({})) })

/** By which transports mail can go, and which templates a group has of its own; nothing of either until it is known. */
export function useGroupMail(): { transports: readonly string[]; templatesOf: (group: string) => TemplateKind[] } {
  const { data: transports = [] } = useQuery(transportsQuery)
  const { data: templates = [] } = useQuery(templatesQuery)
  return {
    transports: transports.map(({ name }) => name),
    templatesOf: (group) => templates.filter((template) => template.group === group).map(({ kind }) => kind)
  }
}
