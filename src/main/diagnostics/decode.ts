import type { DecodedQr } from '../../shared/code.ts'
import type { PictureCode, PictureReading } from '../../shared/diagnostics.ts'
import { parseProvisionText } from '../../shared/provision-url.ts'
import type { CodeState } from '../../shared/user.ts'
import { measurePictureAside, readTextsAside } from '../aside/pictures.ts'
import type { CodeService } from '../codes/code-service.ts'
import { normaliseCode } from '../codes/text.ts'
import { isLinkSignature } from '../links/link-signature.ts'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import type { DataKey } from '../keys/data-key.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findUserByKey } from '../users/user-store.ts'

const endings: Record<Exclude<CodeState, 'none' | 'live'>, string> = {
  used: 'has been used',
  failed: 'ended by a failed attempt',
  expired: 'has expired',
  superseded: 'was superseded by a newer one',
  withdrawn: 'was withdrawn'
}

interface DecodeParts {
  db: Db
  settings: SettingsService
  codes: CodeService
}

/** What the QR codes in a picture say, and what this server knows of each. Looking ends no code and follows no link. */
export async function decodePicture(parts: DecodeParts, image: Uint8Array): Promise<DecodedQr[]> {
  const found = await readTextsAside(image)
  return Promise.all(found.map(({ text }) => explainText(parts, text)))
}

/** More than a sheet holds; a picture made of thousands of codes must not keep the program busy. */
const maxCodes = 50

/** As `decodePicture`, with who made each text, what speaks against it, and how well it scans. */
export async function readPicture(
  parts: DecodeParts & { dataKey: Pick<DataKey, 'keys'> },
  image: Uint8Array
): Promise<PictureReading> {
  const { widthPx, heightPx, codes } = await measurePictureAside(image, maxCodes)
  const found: PictureCode[] = []
  for (const { text, scan } of codes) {
    const decoded = await explainText(parts, text)
    const origin = await originOf(parts, decoded)
    found.push({ ...decoded, origin, warning: warningOf(origin, decoded), scan })
  }
  return { widthPx, heightPx, codes: found }
}

async function originOf(
  { db, settings, dataKey }: DecodeParts & { dataKey: Pick<DataKey, 'keys'> },
  { text, isOurs, code }: DecodedQr
): Promise<PictureCode['origin']> {
  const parsed = parseProvisionText(text)
  const signature = /[?&]s=([A-Za-z0-9_-]+)/.exec(text)?.[1]
  if (parsed && isOurs && signature !== undefined) {
    const user = await findUserByKey(db, foldCase(parsed.username))
    const siteId = (await settings.read())['server.siteId']
    const isOwn =
      user !== undefined &&
      [parsed.code, normaliseCode(parsed.code)].some((issued) =>
        isLinkSignature(dataKey.keys.signing, { siteId, userId: user.id, code: issued }, signature)
      )
    return isOwn ? 'signed' : 'forged'
  }
  return isOurs && code !== null ? 'issued' : 'foreign'
}

function warningOf(origin: PictureCode['origin'], { text, siteId, isOurs, finding }: DecodedQr): string | null {
  if (origin === 'forged') {
    return 'The link carries a signature that this server did not make; somebody has changed it, so do not open it.'
  }
  if (origin !== 'foreign') return finding.includes('It leads the app to') ? leadsAway : null
  if (isOurs) return 'This server never issued this code; do not give it to anybody.'
  if (siteId !== null) return 'It was made for another server or another user; do not open it.'
  return /^\s*[a-z][a-z0-9+.-]*:/i.test(text) ? 'It is a link that is not ours; do not open it.' : null
}

const leadsAway =
  'The app would go to another address than this server’s: either the address was changed since, or the code is forged.'

async function explainText({ db, settings, codes }: DecodeParts, text: string): Promise<DecodedQr> {
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
