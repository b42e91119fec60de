import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createTemplatesHandlers({ templates }: Services): HandlersOf<'templates'> {
  return {
    'templates:list': () => templates.list(),
    'templates:get': ({ kind, group }) => templates.get(kind, group),
    'templates:set': ({ kind, group, ...content }, act) => templates.set(kind, group, content, act),
    'templates:reset': ({ kind, group, variant }, act) => templates.reset(kind, group, variant, act),
    'templates:validate': ({ kind, group, ...content }) => templates.validate(kind, group, content)
  }
}
