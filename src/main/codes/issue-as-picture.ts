import type { CodeLife } from '../../shared/code.ts'
import type { Act } from '../system/operation.ts'
import { assertQrReads } from '../qr/decode.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { renderQrPng } from '../qr/png.ts'
import { renderQrSvg } from '../qr/svg.ts'
import type { CodeService } from './code-service.ts'

/**
 * Issues a code to one user and hands it over as a picture of its QR code. The picture is drawn and read back first: where that
 * fails, the user's earlier code still works. `scale` is pixels a module, of a PNG; `handle` reveals the code while it is remembered.
 */
export async function issueAsPicture(
  codes: Pick<CodeService, 'issueOne' | 'remember'>,
  { username, format, scale, ...life }: { username: string; format: 'png' | 'svg'; scale: number } & CodeLife,
  act: Act
): Promise<{ username: string; image: Uint8Array; expiresAtMs: number; handle: string }> {
  let image: Uint8Array | undefined
  const issued = await codes.issueOne({ username, channel: 'desk', ...life }, act, async ({ url }) => {
    const matrix = createQrMatrix(url)
    await assertQrReads(matrix, url)
    image = format === 'png' ? renderQrPng(matrix, { scale }) : Buffer.from(renderQrSvg(matrix))
  })
  if (!image) throw new Error('a code was issued without its picture')
  return { username: issued.username, image, expiresAtMs: issued.expiresAtMs, handle: codes.remember(issued) }
}
