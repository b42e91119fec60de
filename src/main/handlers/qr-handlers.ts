import { issueAsPicture } from '../codes/issue-as-picture.ts'
import { decodePicture } from '../diagnostics/decode.ts'
import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createQrHandlers(services: Services): HandlersOf<'qr'> {
  return {
    'qr:issue': (request, act) => issueAsPicture(services.codes, request, act),
    'qr:decode': ({ image }) => decodePicture(services, image)
  }
}
