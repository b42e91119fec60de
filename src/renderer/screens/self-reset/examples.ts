import { codeSymbols } from '../../../shared/code-strength.ts'
import { formatProvisionText, percentEncode } from '../../../shared/provision-url.ts'
import type { Settings } from '../../../shared/settings.ts'

/** In the order of the template keywords url1 to url4. */
export const urlNames = ['provisioningUrl', 'settingsUrl', 'completeUrl', 'qrCodeUrl'] as const
export type UrlName = (typeof urlNames)[number]

export interface Sample {
  siteId: number
  username: string
  /** Made up: it provisions nobody. */
  code: string
}

/** As long as a real one and of the same letters. */
export function sampleCode(settings: Pick<Settings, 'policy.codes.alphabet' | 'policy.codes.length'>): string {
  const symbols = codeSymbols[settings['policy.codes.alphabet']]
  return Array.from({ length: settings['policy.codes.length'] }, (_, index) =>
    symbols.charAt(index % symbols.length)
  ).join('')
}

/** What a link or picture made from these bases looks like; the signature is the server’s secret and stands as dots. */
export function exampleUrls(bases: Record<UrlName, string>, sample: Sample): Record<UrlName, string> {
  const text = formatProvisionText({ completeUrl: bases.completeUrl, ...sample })
  return {
    provisioningUrl: `${bases.provisioningUrl}${sample.code}`,
    settingsUrl: `${bases.settingsUrl}${sample.siteId}`,
    completeUrl: text,
    qrCodeUrl: `${bases.qrCodeUrl}${percentEncode(text)}&s=…`
  }
}

export function exampleAppLink(appLink: string, completeUrl: string, sample: Sample): string {
  return appLink.replaceAll('{url3}', formatProvisionText({ completeUrl, ...sample }))
}
