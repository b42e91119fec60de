import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { parseProvisionText } from '../../shared/provision-url.ts'
import type { Settings } from '../../shared/settings.ts'
import { leastModulePx, mostModulePx, qrTextBytes } from '../../shared/qr.ts'
import { formatQrText } from '../links/provision-links.ts'
import { isUsable, type SignedCode } from '../links/signed-codes.ts'
import { resourcesFolder } from '../system/program-folder.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { renderQrPng } from '../qr/png.ts'
import { clientAddress } from './client-address.ts'
import type { PortalOptions } from './portal-parts.ts'
import { refuse } from './refusals.ts'

const noLongerValid = readFileSync(path.join(resourcesFolder, 'portal', 'no-longer-valid.png'))

/**
 * The picture of a QR code. Mail readers and their proxies fetch it without cookies, more than once, with HEAD or in parts; none
 * of that ends a code. What is drawn is this server's own text for the user and code that it signed, never the text as given.
 */
export function addQrImages(scope: FastifyInstance, options: PortalOptions): void {
  scope.get<{ Querystring: Record<string, unknown> }>('/userportal/getQRCode', async (request, reply) => {
    const { text, s: signature, scale: scaleText } = request.query
    const scale = readScale(scaleText)
    const settings = await options.readSettings()
    const code = scale === null ? null : await findCode(options, settings, text, signature)
    // One answer to all that this server did not sign: it tells a guesser nothing.
    if (scale === null || code === null) return refuse(reply, 404)
    if (code.codeId !== null) {
      options.noteFetch({
        user: code.user,
        codeId: code.codeId,
        state: code.state,
        address: clientAddress(request),
        agent: request.headers['user-agent'] ?? ''
      })
    }
    return reply.type('image/png').send(draw(settings, code, scale))
  })
}

function draw(settings: Settings, code: SignedCode, scale: number): Buffer {
  // An error would be shown as a broken picture; mail readers hide its text.
  if (!isUsable(code)) return noLongerValid
  const qrText = formatQrText(settings, { username: code.user.username, code: code.code })
  return renderQrPng(createQrMatrix(qrText), { scale })
}

async function findCode({ findSignedCode }: PortalOptions, settings: Settings, text: unknown, signature: unknown) {
  if (typeof text !== 'string' || Buffer.byteLength(text) > qrTextBytes) return null
  const given = parseProvisionText(text)
  // Looked up also without a signature, so that the answer takes as long as to one that does not fit.
  return given && findSignedCode(settings, { ...given, signature: typeof signature === 'string' ? signature : '' })
}

/** Whole pixels a module; null for what is none. */
function readScale(text: unknown): number | null {
  if (text === undefined) return leastModulePx
  const scale = Number(text)
  const isScale = typeof text === 'string' && /^\d{1,2}$/.test(text) && scale >= 1 && scale <= mostModulePx
  return isScale ? scale : null
}
