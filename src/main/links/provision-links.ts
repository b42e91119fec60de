import type { KeyObject } from 'node:crypto'
import { formatProvisionText, percentEncode } from '../../shared/provision-url.ts'
import type { Settings } from '../../shared/settings.ts'
import { signLink } from './link-signature.ts'

/** Everything that leads an app to one code, under the addresses that policy gives. */
export interface ProvisionLinks {
  /** Exactly what the QR code holds. */
  qrText: string
  signature: string
  /** The same with its signature: the page that shows the code. */
  pageUrl: string
  /** The picture of the QR code. */
  imageUrl: string
  /** Opens the app on the phone itself. */
  appLink: string
}

export function formatProvisionLinks(
  settings: Settings,
  signing: KeyObject,
  { userId, username, code }: { userId: number; username: string; code: string }
): ProvisionLinks {
  const siteId = settings['server.siteId']
  const qrText = formatQrText(settings, { username, code })
  const signature = signLink(signing, { siteId, userId, code })
  return {
    qrText,
    signature,
    pageUrl: `${qrText}?s=${signature}`,
    imageUrl: `${settings['policy.selfReset.qrCodeUrl']}${percentEncode(qrText)}&s=${signature}`,
    appLink: formatAppLink(settings, qrText)
  }
}

/** What the QR code of one code holds. */
export function formatQrText(settings: Settings, { username, code }: { username: string; code: string }): string {
  return formatProvisionText({
    completeUrl: settings['policy.selfReset.completeUrl'],
    siteId: settings['server.siteId'],
    username,
    code
  })
}

/** The app's own link around the text of a QR code. */
export function formatAppLink(settings: Settings, qrText: string): string {
  return settings['policy.selfReset.appLink'].replaceAll('{url3}', qrText)
}
