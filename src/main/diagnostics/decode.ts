import type { DecodedQr } from '../../shared/code.ts'
import { parseProvisionText } from '../../shared/provision-url.ts'
import type { CodeState } from '../../shared/user.ts'
import type { CodeService } from '../codes/code-service.ts'
import type { Db } from '../database/schema.ts'
import { foldCase } from '../fold-case.ts'
import { readQrPicture } from '../qr/decode.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findUserByKey } from '../users/user-store.ts'

const endings: Record<Exclude<CodeState, 'none' | 'live'>, string> = {
  used: 'has been used',
  failed: 'ended by a failed attempt',
  expired: 'has expired',
  superseded: 'was superseded by a newer one',
  withdrawn: 'was withdrawn'
}

/** What the QR codes in a picture say, and what this server knows of each. Looking ends no code and follows no link. */
export async function decodePicture(
  parts: { db: Db; settings: SettingsService; codes: CodeService },
  image: Uint8Array
): Promise<DecodedQr[]> {
  const found = await readQrPicture(image)
  return Promise.all(found.map(({ text }) => explainText(parts, text)))
}

async function explainText(
  { db, settings, codes }: { db: Db; settings: SettingsService; codes: CodeService },
  text: string
): Promise<DecodedQr> {
  const parsed = parseProvisionText(text)
  const nothing = { text, siteId: null, username: null, isOurs: false, code: null, expiresAtMs: null }
  if (!parsed) return { ...nothing, finding: 'This is no provision code.' }
  const about = { ...nothing, siteId: parsed.siteId, username: parsed.username }
  const known = await settings.read()
  if (parsed.siteId !== known['server.siteId']) {
    return {
      ...about,
      finding: `This is for the server with Site ID ${parsed.siteId}; ours is ${known['server.siteId']}.`
    }
  }
  const user = await findUserByKey(db, foldCase(parsed.username))
  if (!user) return { ...about, finding: `This is for “${parsed.username}”, and there is no such user.` }
  const code = await codes.recognise(user.id, parsed.code)
  const ours = { ...about, username: user.username, isOurs: true }
  if (!code)
    return { ...ours, finding: `This names ${user.username}, but its code is none that was issued to this user.` }
  const disabled = user.disabled === 1 ? ' The user is disabled.' : ''
  // The app asks the server that the text names: after a change of address, or in a forged code, that is not this one.
  const completeUrl = known['policy.selfReset.completeUrl']
  const elsewhere =
    parsed.base === completeUrl ? '' : ` It leads the app to ${parsed.base}; our address is ${completeUrl}.`
  const finding =
    code.state === 'live'
      ? `The code of ${user.username} is live.${disabled}${elsewhere}`
      : `The code of ${user.username} ${code.state === 'none' ? 'is unknown' : endings[code.state]}.${disabled}${elsewhere}`
  return { ...ours, code: code.state, expiresAtMs: code.expiresAtMs, finding }
}
