import type { KeyObject } from 'node:crypto'
import { percentEncode } from '../../shared/provision-url.ts'
import type { Settings } from '../../shared/settings.ts'
import { formatProvisionLinks } from '../links/provision-links.ts'
import { longMoment } from '../system/moments.ts'
import type { KeywordValues } from './keywords.ts'

interface Addressee {
  id: number
  username: string
  name: string
}

/** What the keywords of a mail with a code become, and the text that its QR code holds. */
export function codeValues(
  { settings, signing }: { settings: Settings; signing: KeyObject },
  user: Addressee,
  code: { text: string; expiresAtMs: number; validForMs: number }
): { values: KeywordValues; qrText: string } {
  const links = formatProvisionLinks(settings, signing, { userId: user.id, username: user.username, code: code.text })
  const values = {
    ...commonValues(settings, user),
    url1: `${settings['policy.selfReset.provisioningUrl']}${percentEncode(code.text)}`,
    url2: `${settings['policy.selfReset.settingsUrl']}${settings['server.siteId']}`,
    url3: links.pageUrl,
    url4: links.imageUrl,
    APPLINK: links.appLink,
    CODE: code.text,
    EXPIRES: longMoment(code.expiresAtMs),
    VALIDITY: formatValidity(code.validForMs)
  }
  return { values, qrText: links.qrText }
}

export function noticeValues(settings: Settings, user: Addressee, atMs: number, address: string): KeywordValues {
  return { ...commonValues(settings, user), TIME: longMoment(atMs), ADDRESS: address }
}

export function linkValues(
  settings: Settings,
  user: Addressee,
  link: { url: string; expiresAtMs: number; nowMs: number }
): KeywordValues {
  return {
    ...commonValues(settings, user),
    LINK: link.url,
    EXPIRES: longMoment(link.expiresAtMs),
    VALIDITY: formatValidity(link.expiresAtMs - link.nowMs)
  }
}

function commonValues(settings: Settings, user: Addressee): Record<string, string> {
  return {
    // Who has no name is greeted by what there is.
    NAME: user.name || user.username,
    USERNAME: user.username,
    SITEID: String(settings['server.siteId']),
    SERVER: settings['server.name']
  }
}

/** `24 hours`, `7 days`, `1 day and 12 hours`: in the largest units that say it to the minute. */
export function formatValidity(validForMs: number): string {
  const minutes = Math.max(1, Math.round(validForMs / 60_000))
  if (minutes <= 48 * 60 && minutes % 60 === 0) return counted(minutes / 60, 'hour')
  const parts = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute']
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => counted(count, unit))
    .join(' and ')
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
