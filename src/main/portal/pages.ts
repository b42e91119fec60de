import type { FastifyInstance, FastifyReply } from 'fastify'
import { formatProvisionText, parseProvisionText, percentEncode } from '../../shared/provision-url.ts'
import type { Settings } from '../../shared/settings.ts'
import { formatAppLink, formatProvisionLinks } from '../links/provision-links.ts'
import { isUsable, type SignedCode } from '../links/signed-codes.ts'
import { clientAddress } from './client-address.ts'
import type { LinkRequests } from './link-requests.ts'
import { codePage, homePage, refusalPage, reprovisionPage, settingsPage, unsignedPage } from './page-html.ts'
import { pageIcon, pageStyles } from './page-styles.ts'
import { codeRefusal, linkRefusals } from './page-words.ts'
import type { PortalOptions } from './portal-parts.ts'
import { refuse } from './refusals.ts'
import { formatServerDetails } from './server-details.ts'

/** No script, nothing from elsewhere, no frame around it, and an address with a code in it is told to nobody. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY'
} as const

/** The longest username a page takes before it looks anything up. */
const mostNameCharacters = 200

/** The pages that users see. Opening one never ends a code: mail scanners open links too. */
export function addPages(scope: FastifyInstance, options: PortalOptions, linkRequests: LinkRequests | null): void {
  const { readSettings, links } = options
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_request: unknown, body: string | Buffer) => new URLSearchParams(String(body))
  )

  scope.get('/userportal/portal.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(pageStyles)
  )

  // Browsers ask for the second by themselves wherever no page names another, such as beside a picture.
  for (const url of ['/userportal/icon.svg', '/favicon.ico']) {
    scope.get(url, (_request, reply) =>
      reply.type('image/svg+xml').header('cache-control', 'public, max-age=3600').send(pageIcon)
    )
  }

  const home = async (reply: FastifyReply) => {
    const settings = await readSettings()
    const isSelfService = linkRequests !== null && settings['policy.selfReset.selfService']
    return sendPage(reply, homePage(settings, isSelfService ? 'form' : 'notice'))
  }
  scope.get('/userportal', (_request, reply) => home(reply))
  scope.get('/userportal/', (_request, reply) => home(reply))

  scope.post('/userportal/reprovision', async (request, reply) => {
    const settings = await readSettings()
    if (linkRequests === null || !settings['policy.selfReset.selfService']) {
      return sendPage(reply, homePage(settings, 'notice'))
    }
    const username = request.body instanceof URLSearchParams ? (request.body.get('username') ?? '') : ''
    if (username !== '' && username.length <= mostNameCharacters) {
      if (!linkRequests.note(username, clientAddress(request))) return refuse(reply, 503)
    }
    return sendPage(reply, homePage(settings, 'sent'))
  })

  scope.get<{
    Params: { site: string; user: string; code: string }
    Querystring: Record<string, unknown>
  }>('/userportal/complete/:site/:user/:code', async (request, reply) => {
    const settings = await readSettings()
    const { site, user, code } = request.params
    const given = parseProvisionText(`http://x/${site}/${percentEncode(user)}/${percentEncode(code)}`)
    if (!given) return refuse(reply, 404)
    const { s: signature } = request.query
    // Looked up also without a signature, so that the answer takes as long as to one that does not fit.
    const signed = await options.findSignedCode(settings, {
      ...given,
      signature: typeof signature === 'string' ? signature : ''
    })
    if (signed) return sendPage(reply, signedPage(options, settings, signed))
    const completeUrl = settings['policy.selfReset.completeUrl']
    return sendPage(
      reply,
      unsignedPage(settings, formatAppLink(settings, formatProvisionText({ ...given, completeUrl })), null)
    )
  })

  scope.get<{ Params: { code: string } }>('/userportal/provision/:code', async (request, reply) => {
    const { code } = request.params
    // Shown back to whoever sent it, so only what a code can be made of.
    if (!/^[0-9A-Za-z -]{1,40}$/.test(code)) return refuse(reply, 404)
    const settings = await readSettings()
    const url = `${settings['policy.selfReset.provisioningUrl']}${percentEncode(code)}`
    return sendPage(reply, unsignedPage(settings, formatAppLink(settings, url), code))
  })

  scope.get<{ Params: { site: string } }>('/userportal/getsettings/:site', async (request, reply) => {
    const { site } = request.params
    const wantsPage = request.headers.accept?.includes('text/html') ?? false
    reply.header('vary', 'accept')
    if (!wantsPage) {
      const xml = formatServerDetails(site, await options.readServer())
      return reply.type('application/xml; charset=utf-8').send(xml)
    }
    const settings = await readSettings()
    const isOurs = site === String(settings['server.siteId'])
    return sendPage(reply.code(isOurs ? 200 : 404), settingsPage(settings, isOurs))
  })

  scope.get<{ Params: { token: string } }>('/userportal/reprovision/:token', async (request, reply) => {
    const settings = await readSettings()
    const found = await links.look(request.params.token)
    if ('refusal' in found) return sendPage(reply, refusalPage(settings, linkRefusals[found.refusal]))
    return sendPage(reply, reprovisionPage(settings, found.user))
  })

  scope.post<{ Params: { token: string } }>('/userportal/reprovision/:token', async (request, reply) => {
    const found = await links.redeem(request.params.token, clientAddress(request))
    const settings = await readSettings()
    if ('refusal' in found) return sendPage(reply, refusalPage(settings, linkRefusals[found.refusal]))
    options.onChange()
    const { userId, username, code, expiresAtMs } = found.code
    return sendPage(reply, shownCode(options, settings, { userId, username, name: found.name, code, expiresAtMs }))
  })
}

function signedPage(options: PortalOptions, settings: Settings, signed: SignedCode): string {
  if (!isUsable(signed)) return refusalPage(settings, codeRefusal(signed))
  const { user, code, expiresAtMs } = signed
  return shownCode(options, settings, { userId: user.id, username: user.username, name: user.name, code, expiresAtMs })
}

function shownCode(
  { signing }: PortalOptions,
  settings: Settings,
  shown: { userId: number; username: string; name: string; code: string; expiresAtMs: number }
): string {
  return codePage(settings, { ...shown, ...formatProvisionLinks(settings, signing, shown) })
}

function sendPage(reply: FastifyReply, source: string): FastifyReply {
  return reply.headers(pageHeaders).type('text/html; charset=utf-8').send(source)
}
