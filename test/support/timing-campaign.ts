import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatProvisionText } from '../../src/shared/provision-url.ts'
import { createTestClock } from './console.ts'
import { openMailConsole } from './mail-console.ts'
import { startPortalProcess } from './portal-process.ts'

/** How often the one took longer than the other, over all pairs: 0.5 where the time tells nothing. */
export interface TimingVerdict {
  name: string
  /** Of the answer itself. */
  own: number
  /** Of the next request on the same connection. */
  next: number
}

const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'

/**
 * Asks a portal of its own process for the two requests of a pair so many times, in turn and in random order, over one connection,
 * each followed by a request that is always the same.
 */
export async function measureTwins(name: TwinsName, pairs: number): Promise<TimingVerdict> {
  const { socket, ask } = await openTwins(name, pairs)
  try {
    // Until its functions are compiled the portal is slower with whatever comes first.
    if (name !== 'form') await measure(socket, ask, Math.min(pairs, warmUpPairs), 0)
    return { name, ...(await measure(socket, ask, pairs, name === 'form' ? workedOffMs : 0)) }
  } finally {
    socket.destroy()
  }
}

/** How often a name that is a user's shows in how the portal answers while somebody watches it after asking for a link. */
export async function watchAfterForm(pairs: number, watchedMs: number): Promise<number> {
  const { socket, ask } = await openTwins('form', pairs)
  const slowest: [number[], number[]] = [[], []]
  const watch = async (): Promise<number> => {
    const times: number[] = []
    const untilMs = performance.now() + watchedMs
    while (performance.now() < untilMs) times.push(await timeOf(socket, health))
    const top = times.toSorted((a, b) => b - a).slice(0, slowestWatched)
    return top.reduce((sum, time) => sum + time, 0)
  }
  try {
    for (let pair = 0; pair < pairs; pair++) {
      for (const side of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
        await timeOf(socket, ask[side](pair))
        slowest[side].push(await watch())
      }
    }
    return greaterShare(...slowest)
  } finally {
    socket.destroy()
  }
}

async function openTwins(name: TwinsName, pairs: number): Promise<{ socket: Socket; ask: Ask }> {
  const console = await openMailConsole(pairs, {}, { clock: createTestClock(Date.now()) })
  await console.call('groups:set', { name: 'Staff', change: { selfProvision: true } })
  await console.call('settings:set', {
    changes: {
      'policy.selfReset.selfService': true,
      'policy.hideUnknownUsers': true,
      'policy.codes.perAddressPerMinute': 0,
      'policy.selfReset.completeUrl': completeUrl
    }
  })
  const { issued } = await console.call('codes:issue', { selection: { filter: {} }, reveal: true })
  const { url: link } = await console.call('links:create', { username: 'u1' })
  const { siteId } = await console.call('status:get', {})
  const codes = issued.map(({ code }) => code ?? '')
  const ask = twins(siteId, codes, new URL(link).pathname)[name]
  const { port } = await startPortalProcess(console.folder)
  return { socket: connect({ port, host: '127.0.0.1', noDelay: true }), ask }
}

type Ask = [one: (pair: number) => string, other: (pair: number) => string]

const completeUrl = 'https://portal.test/userportal/complete/'
const warmUpPairs = 200
/** So many of the slowest answers are what a busy portal shows by. */
const slowestWatched = 3
/** As an attacker does, who has the portal to himself at night: what is queued is worked off between the pairs. */
const workedOffMs = 400

export const twinsNames = [
  'form',
  'picture',
  'picture unsigned',
  'picture with and without a signature',
  'picture of a real code',
  'page',
  'page unsigned',
  'page with and without a signature',
  'page of a real code',
  'token',
  'attempt'
] as const
type TwinsName = (typeof twinsNames)[number]

/**
 * A request with a signature is longer than one without, which is the asker's own doing and tells of nothing that this server
 * keeps; so where the two are compared, something of the same length stands in the signature's place.
 */
function twins(siteId: number, codes: string[], linkPath: string): Record<TwinsName, Ask> {
  const known = (pair: number) => `u${pair + 1}`
  const unknown = (pair: number) => `x${pair + 1}`
  const codeOf = (pair: number) => codes[pair] ?? ''
  const noCode = 'ABCDE12345'.padEnd(codeOf(0).length, 'X').slice(0, codeOf(0).length)
  const wrong = `s=${'A'.repeat(27)}`
  const none = `x=${'A'.repeat(27)}`
  const picture = (username: string, query: string, code = noCode) => {
    const text = formatProvisionText({ completeUrl, siteId, username, code })
    return get(`/userportal/getQRCode?text=${encodeURIComponent(text)}&${query}`)
  }
  const page = (username: string, query: string, code = noCode) =>
    get(`/userportal/complete/${siteId}/${username}/${code}?${query}`)
  const ofNames = (request: (username: string, query: string) => string, query: string): Ask => [
    (pair) => request(known(pair), query),
    (pair) => request(unknown(pair), query)
  ]
  const ofSignatures = (request: (username: string, query: string) => string): Ask => [
    (pair) => request(known(pair), none),
    (pair) => request(known(pair), wrong)
  ]
  const ofCodes = (request: (username: string, query: string, code?: string) => string): Ask => [
    (pair) => request(known(pair), wrong, codeOf(pair)),
    (pair) => request(known(pair), wrong)
  ]
  return {
    form: [(pair) => form(known(pair)), (pair) => form(unknown(pair))],
    picture: ofNames(picture, wrong),
    'picture unsigned': ofNames(picture, 's='),
    'picture with and without a signature': ofSignatures(picture),
    'picture of a real code': ofCodes(picture),
    page: ofNames(page, wrong),
    'page unsigned': ofNames(page, 's='),
    'page with and without a signature': ofSignatures(page),
    'page of a real code': ofCodes(page),
    // One that begins as a real one does, and one that does not.
    token: [() => get(`${linkPath.slice(0, -1)}!`), () => get(`${linkPath.slice(0, -32)}${'b'.repeat(31)}!`)],
    attempt: [(pair) => attempt(known(pair)), (pair) => attempt(unknown(pair))]
  }
}

async function measure(
  socket: Socket,
  ask: Ask,
  pairs: number,
  pauseMs: number
): Promise<{ own: number; next: number }> {
  const own: [number[], number[]] = [[], []]
  const next: [number[], number[]] = [[], []]
  for (let pair = 0; pair < pairs; pair++) {
    for (const side of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
      own[side].push(await timeOf(socket, ask[side](pair)))
      next[side].push(await timeOf(socket, health))
      if (pauseMs > 0 && pair % 2 === 1) await sleep(pauseMs)
    }
  }
  return { own: greaterShare(...own), next: greaterShare(...next) }
}

/** The share of all pairs of values whose first is greater (the area under the curve of a classifier by a threshold). */
export function greaterShare(ones: readonly number[], others: readonly number[]): number {
  const sorted = others.toSorted((a, b) => a - b)
  const below = (value: number, isBefore: (other: number) => boolean): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(sorted[middle] ?? value)) low = middle + 1
      else high = middle
    }
    return low
  }
  const wins = ones.map(
    (value) => (below(value, (other) => other < value) + below(value, (other) => other <= value)) / 2
  )
  return wins.reduce((sum, count) => sum + count, 0) / (ones.length * others.length)
}

function timeOf(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now()
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const headerEnd = text.indexOf('\r\n\r\n')
      const length = /^content-length: (\d+)/im.exec(text)?.[1]
      if (headerEnd === -1 || text.length < headerEnd + 4 + Number(length)) return
      socket.off('data', read).off('close', closed)
      resolve(performance.now() - startedMs)
    }
    const closed = () => reject(new Error('the portal closed the connection'))
    socket.on('data', read).once('close', closed)
    socket.write(request)
  })
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
}

function form(username: string): string {
  const body = `username=${username}`
  return `POST /userportal/reprovision HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

function attempt(username: string): string {
  const body = `<SASRequest><Version>3.6</Version><Action>provision</Action><Username>${username}</Username><ProvisionCode>ZZZZZZZZZZ</ProvisionCode></SASRequest>`
  return `POST /userportal/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
