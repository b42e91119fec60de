import { lookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LinkAnswer } from '../../shared/mail.ts'
import { connectionFault } from '../system/connection-faults.ts'
import { isInside, isOwnPortal, pinnedLookup, type PortalPlace } from '../diagnostics/own-portal.ts'
import { oneLine } from '../system/printable.ts'
import { holdsAddress, readHtml } from './html-tags.ts'

const mostLinks = 12
const answerWithinMs = 6_000

/**
 * Asks for the addresses in a mail that lead to this server's own portal. Others are left alone: a request from here would tell a
 * stranger's server that somebody is about to mail its address.
 */
export async function askLinks(
  mail: { html: string | null; text: string },
  ownUrls: string[],
  portal: PortalPlace
): Promise<LinkAnswer[]> {
  const own = new Set(ownUrls.map((url) => new URL(url).origin))
  return Promise.all(
    addressesIn(mail)
      .slice(0, mostLinks)
      .map(async (url): Promise<LinkAnswer> => {
        if (!own.has(new URL(url).origin)) {
          return { url, outcome: 'not-asked', message: 'Of another site, so it was not asked.' }
        }
        return isOwnPortal(url, portal) ? askLink(url) : askOutside(url)
      })
  )
}

function addressesIn({ html, text }: { html: string | null; text: string }): string[] {
  const found = new Set<string>()
  for (const token of readHtml(html ?? '')) {
    if (token.kind !== 'tag') continue
    for (const attribute of token.attributes.filter(holdsAddress))
      found.add(attribute.value.replaceAll('&amp;', '&').trim())
  }
  for (const [url] of text.matchAll(/https?:\/\/[^\s<>"]+/g)) found.add(url)
  return [...found].filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url))
}

async function askOutside(url: string): Promise<LinkAnswer> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  let addresses: string[]
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    return { url, outcome: 'failed', message: `No answer: ${connectionFault(error as Error)}.` }
  }
  if ([host, ...addresses].some(isInside)) {
    const message = 'It leads into this machine or its network, but not to this server’s portal, so it was not asked.'
    return { url, outcome: 'not-asked', message }
  }
  return askLink(url, addresses)
}

function askLink(url: string, addresses?: readonly string[]): Promise<LinkAnswer> {
  return new Promise((resolve) => {
    const ask = (url.toLowerCase().startsWith('https:') ? httpsRequest : httpRequest)(url, {
      method: 'GET',
      ...(addresses && { lookup: pinnedLookup(addresses) }),
      signal: AbortSignal.timeout(answerWithinMs)
    })
    ask.on('response', (answer) => {
      // The head is all that is looked at; a body may be long or never end.
      answer.destroy()
      const type = oneLine(answer.headers['content-type'] ?? 'nothing said of its kind', 100)
      resolve({ url, outcome: 'answers', message: `Answered ${answer.statusCode ?? 0}, ${type}.` })
    })
    ask.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.name === 'TimeoutError' || error.name === 'AbortError'
          ? 'no answer in time'
          : (reasons[error.code ?? ''] ?? connectionFault(error))
      resolve({ url, outcome: 'failed', message: `No answer: ${reason}.` })
    })
    ask.end()
  })
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; is the User Portal running',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed, which phones and mail readers refuse',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed, which phones and mail readers refuse',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate does not say by whom it was given; the chain is incomplete'
}
