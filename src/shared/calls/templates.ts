import { z } from 'zod'
import { shippedVariants, template, templateContent, templateFinding, templateKinds } from '../template.ts'
import { call, nameToFind, nothing } from './call.ts'

export const templatesCalls = {
  'templates:list': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: nothing,
    output: z.array(template)
  }),
  /** The one that a group's users get: its own, else the general one. */
  'templates:get': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: z.object({ kind: z.enum(templateKinds), group: nameToFind.nullable().default(null) }),
    output: template
  }),
  'templates:set': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: templateContent.extend({ kind: z.enum(templateKinds), group: nameToFind.nullable().default(null) }),
    output: template
  }),
  /** Back to the shipped one; a group's own is taken away, unless `variant` says which shipped one it is to be. */
  'templates:reset': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.object({
      kind: z.enum(templateKinds),
      group: nameToFind.nullable().default(null),
      variant: z.enum(shippedVariants).optional()
    }),
    output: template
  }),
  'templates:validate': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: templateContent.extend({
      kind: z.enum(templateKinds),
      /** Whose transport says whether HTML is sent at all. */
      group: nameToFind.nullable().default(null)
    }),
    output: templateFinding
  })
}
