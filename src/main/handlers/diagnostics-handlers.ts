import type { Services } from '../console.ts'
import { bePhone } from '../diagnostics/be-the-phone.ts'
import { createSupportBundle } from '../diagnostics/bundle.ts'
import { readPicture } from '../diagnostics/decode.ts'
import { checkUser, explain } from '../diagnostics/explain.ts'
import { testLink } from '../diagnostics/link-test.ts'
import type { Handlers } from './dispatch.ts'

type DiagnosticsCall = Extract<keyof Handlers, `diagnostics:${string}`>

export function diagnosticsHandlers(services: Services): Pick<Handlers, DiagnosticsCall> {
  return {
    'diagnostics:readPicture': ({ image }) => readPicture(services, image),
    'diagnostics:bePhone': ({ group }, act) => bePhone(services, group, act),
    'diagnostics:explain': ({ symptom, username }, act) => explain(services, { symptom, username }, act),
    'diagnostics:checkUser': ({ username }) => checkUser(services, username),
    'diagnostics:testLink': ({ link }, act) => testLink(services, link, act),
    'diagnostics:bundle': ({ pseudonyms }) => createSupportBundle(services, { pseudonyms })
  }
}
