import type { Cause, LinkTest, TestableLink } from '../../shared/diagnostics.ts'
import { AppError } from '../../shared/errors.ts'
import { percentEncode } from '../../shared/provision-url.ts'
import type { SettingKey, Settings } from '../../shared/settings.ts'
import { defaultTransportName } from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import { readTextsAside } from '../aside/pictures.ts'
import type { ClearCode } from '../codes/issue.ts'
import { signLink } from '../links/link-signature.ts'
import type { DataKey } from '../keys/data-key.ts'
import { isOwnPortal } from './own-portal.ts'
import { oneLine } from '../system/printable.ts'
import { groupFor, type PhoneParts } from './be-the-phone.ts'
import { pathCauses, scopeCauses, setting, settingOf, type Traveller } from './path-causes.ts'
import { checkPath, isOpen, originOf, step, type CheckOptions } from './path-check.ts'
import { askHttp, type HttpAnswer } from './probe.ts'
import { withTemporaryUser } from './temporary-user.ts'

export interface LinkParts extends PhoneParts {
  dataKey: Pick<DataKey, 'keys'>
}

const keys = {
  provisioningUrl: 'policy.selfReset.provisioningUrl',
  settingsUrl: 'policy.selfReset.settingsUrl',
  completeUrl: 'policy.selfReset.completeUrl',
  qrCodeUrl: 'policy.selfReset.qrCodeUrl'
} as const satisfies Record<TestableLink, SettingKey>

/** What mail readers and browsers send along. */
const readerHeaders = {
  image: { accept: 'image/png,image/*;q=0.8,*/*;q=0.5', 'user-agent': 'Mozilla/5.0 (mail picture test)' },
  page: {
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'user-agent': 'Mozilla/5.0 (link test)'
  }
}

/**
 * Asks for one of the addresses of Policy › Self Reset as a mail reader or a browser would, with the code of a temporary user in it.
 * Looking ends no code; the user is gone afterwards.
 */
export async function testLink(
  parts: LinkParts,
  link: TestableLink,
  act: Act,
  options: CheckOptions = {}
): Promise<LinkTest> {
  const settings = await parts.settings.read()
  const group = await groupFor(parts.groups, undefined)
  return withTemporaryUser(parts, group.name, act, (issued) => askFor(parts, settings, link, issued, options))
}

async function askFor(
  { dataKey }: LinkParts,
  settings: Settings,
  link: TestableLink,
  issued: ClearCode,
  options: CheckOptions
): Promise<LinkTest> {
  const siteId = settings['server.siteId']
  const signature = signLink(dataKey.keys.signing, { siteId, userId: issued.userId, code: issued.code })
  const url = {
    provisioningUrl: `${settings[keys.provisioningUrl]}${percentEncode(issued.code)}`,
    settingsUrl: `${settings[keys.settingsUrl]}${siteId}`,
    completeUrl: `${issued.url}?s=${signature}`,
    qrCodeUrl: `${settings[keys.qrCodeUrl]}${percentEncode(issued.url)}&s=${signature}`
  }[link]
  const isImage = link === 'qrCodeUrl'
  const traveller: Traveller = { who: isImage ? 'mail readers' : 'browsers', key: keys[link] }
  const origin = originOf(url)
  const isOutsideOnly = !isOwnPortal(url, settings)
  const path = await checkPath(origin, { ...options, isOutsideOnly })
  const steps = [...path.steps]
  const addresses = 'addresses' in path.dns ? path.dns.addresses : []
  if (isOutsideOnly && path.tcp === null && addresses.length > 0) {
    const scope = scopeCauses(path, [], settingOf(origin, settings, 'host', traveller))
    const causes = [...scope.map((cause): Cause => ({ ...cause, weight: 'fault' })), ...notAsked(link).causes]
    return { link, url, ok: false, contentType: null, decoded: null, causes, steps }
  }
  const causes = await pathCauses(path, settings, options, traveller)
  let contentType: string | null = null
  let decoded: string | null = null
  if (isOpen(path)) {
    const headers = isImage ? readerHeaders.image : readerHeaders.page
    const { durationMs, ...result } = await askHttp({ method: 'GET', url, headers }, { ...options, addresses })
    const found = 'answer' in result ? await judge(link, result.answer, issued.url) : failed(link, result.error)
    contentType = 'answer' in result ? typeOf(result.answer) : null
    decoded = found.decoded
    causes.push(...found.causes)
    const asked = step('http', url, durationMs, found.causes.length === 0 ? 'passed' : 'failed', {
      sentence: found.sentence,
      request: `GET ${url}\n${headerLines(headers)}`,
      response: 'answer' in result ? shown(result.answer) : null
    })
    steps.push(asked)
    options.onStep?.(asked)
  }
  const faults = causes.filter(({ weight }) => weight === 'fault')
  causes.push(...scopeCauses(path, faults, settingOf(origin, settings, 'host', traveller)))
  if (isImage && faults.length === 0) causes.push(...blocking(origin.isTls))
  return { link, url, ok: faults.length === 0, contentType, decoded, causes, steps }
}

/** What is in the house besides the portal is asked for nobody. */
function notAsked(link: TestableLink): Finding {
  const sentence =
    'The address leads into this machine or its network, but not to this server’s portal, so it was not asked. Enter the portal’s own address.'
  return wrong(link, sentence, [])
}

interface Finding {
  sentence: string
  decoded: string | null
  causes: Cause[]
}

function wrong(link: TestableLink, sentence: string, evidence: string[], id: Cause['id'] = 'qr-url-wrong'): Finding {
  const cause: Cause = { id, weight: 'fault', sentence, evidence, cure: setting(keys[link]) }
  return { sentence, decoded: null, causes: [cause] }
}

function failed(link: TestableLink, error: string): Finding {
  return wrong(link, `The address gives no answer. ${error}`, [], 'answer-wrong')
}

async function judge(link: TestableLink, answer: HttpAnswer, text: string): Promise<Finding> {
  const { status, headers, body } = answer
  const type = oneLine(headers['content-type'] ?? 'no type', 100)
  const evidence = [`The answer has HTTP status ${status} and the type ${type}.`]
  if (status >= 300 && status < 400) {
    const sentence = `The address leads on to ${oneLine(headers['location'] ?? 'nowhere', 300)} instead of answering. Enter the address that answers itself.`
    return wrong(link, sentence, evidence)
  }
  if (status !== 200) {
    const sentence =
      link === 'qrCodeUrl'
        ? `There is no picture at the QR Code URL: it answers with HTTP status ${status}. It has to lead to the portal’s getQRCode?text=.`
        : `There is no page at the address: it answers with HTTP status ${status}. It has to lead to the portal.`
    return wrong(link, sentence, evidence)
  }
  if (link !== 'qrCodeUrl') {
    const isPage = /html|xml/i.test(type)
    return isPage
      ? { sentence: `A page came (${type}).`, decoded: null, causes: [] }
      : wrong(link, `What came is no page but ${type}. Check the address.`, evidence)
  }
  if (!/^image\//i.test(type)) {
    return wrong(
      link,
      `What came is no picture but ${type}. The QR Code URL has to lead to the portal’s getQRCode?text=.`,
      evidence
    )
  }
  try {
    const [first] = await readTextsAside(body)
    if (first?.text === text) {
      return { sentence: 'A picture came, and it says what it should.', decoded: text, causes: [] }
    }
    const found = wrong(
      link,
      'The picture says something else than the user’s provisioning text: another server drew it.',
      evidence,
      'qr-url-foreign'
    )
    return { ...found, decoded: first?.text ?? null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return wrong(
      link,
      'A picture came that holds no live QR code: the portal does not know the code, or another server drew it.',
      evidence,
      'qr-url-foreign'
    )
  }
}

/** What mail readers do with pictures that are all right. */
function blocking(isTls: boolean): Cause[] {
  const cure = { kind: 'screen', screen: 'transport', item: defaultTransportName, field: 'qrImage' } as const
  const plain: Cause = {
    id: 'qr-url-plain',
    weight: 'suspicion',
    sentence:
      'The picture comes over plain HTTP, which several mail readers do not load. Use HTTPS, or embed the picture in the mail.',
    evidence: [],
    cure
  }
  const blocked: Cause = {
    id: 'picture-blocked',
    weight: 'advice',
    sentence:
      'The picture is all right from here. Many mail readers show pictures from the network only when asked to: press “Show pictures”, or embed the picture in the mail.',
    evidence: [],
    cure
  }
  return isTls ? [blocked] : [plain, blocked]
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

/** No more than the finding rests on: what stands at an address of somebody's choice is not for everybody's eyes. */
function shown({ status, headers, body }: HttpAnswer): string {
  const told = Object.fromEntries(
    ['content-type', 'location'].flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, oneLine(value, 300)]]
    })
  )
  return `${status}\n${headerLines(told)}\n\n(${body.length} bytes)`
}

function typeOf({ headers }: HttpAnswer): string | null {
  const type = headers['content-type']
  return type === undefined ? null : oneLine(type, 100)
}
