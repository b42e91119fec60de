import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatProvisionText } from '../../src/shared/provision-url.ts'
import { createTestClock } from './console.ts'
import { openMailConsole } from './mail-console.ts'
import { startPortalProcess } from './portal-process.ts'

/** Two kinds of request that must look alike; `ask` makes the request of a pair. */
export interface Twins {
  name: string
  ask: [one: (pair: number) => string, other: (pair: number) => string]
}

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
 * Asks a portal of its own process for each pair of twins so many times, in turn and in random order, over one connection, each
 * followed by a request that is always the same.
 */
export async function measureTwins(pairs: number): Promise<TimingVerdict[]> {
  const console = await openMailConsole(pairs, {}, { clock: createTestClock(Date.now()) })
  await console.call('groups:set', { name: 'Staff', change: { selfProvision: true } })
  await console.call('settings:set', {
    changes: {
      'policy.selfReset.selfService': true,
      'policy.hideUnknownUsers': true,
      'policy.codes.perAddressPerMinute': 0,
      'policy.selfReset.completeUrl': 'https://portal.test/userportal/complete/'
    }
  })
  await console.call('codes:issue', { selection: { filter: {} }, reveal: false })
  const { siteId } = await console.call('status:get', {})
  const { port } = await startPortalProcess(console.folder)
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  try {
    const verdicts: TimingVerdict[] = []
    for (const twins of allTwins(siteId)) verdicts.push(await measure(socket, twins, pairs))
    return verdicts
  } finally {
    socket.destroy()
  }
}

function allTwins(siteId: number): Twins[] {
  const known = (pair: number) => `u${pair + 1}`
  const unknown = (pair: number) => `x${pair + 1}`
  const wrong = 'A'.repeat(27)
  const picture = (username: string, signature: string) => {
    const completeUrl = 'https://portal.test/userportal/complete/'
    const text = formatProvisionText({ completeUrl, siteId, username, code: 'ABCDE12345' })
    return get(`/userportal/getQRCode?text=${encodeURIComponent(text)}&s=${signature}`)
  }
  const page = (username: string, signature: string) =>
    get(`/userportal/complete/${siteId}/${username}/ABCDE12345?s=${signature}`)
  const token = (letter: string) => get(`/userportal/reprovision/${letter.repeat(32)}`)
  return [
    { name: 'form', ask: [(pair) => form(known(pair)), (pair) => form(unknown(pair))] },
    { name: 'picture', ask: [(pair) => picture(known(pair), wrong), (pair) => picture(unknown(pair), wrong)] },
    { name: 'picture unsigned', ask: [(pair) => picture(known(pair), ''), (pair) => picture(unknown(pair), '')] },
    { name: 'page', ask: [(pair) => page(known(pair), wrong), (pair) => page(unknown(pair), wrong)] },
    { name: 'page unsigned', ask: [(pair) => page(known(pair), ''), (pair) => page(unknown(pair), '')] },
    { name: 'token', ask: [() => token('a'), () => token('b')] },
    { name: 'attempt', ask: [(pair) => attempt(known(pair)), (pair) => attempt(unknown(pair))] }
  ]
}

async function measure(socket: Socket, { name, ask }: Twins, pairs: number): Promise<TimingVerdict> {
  const own: [number[], number[]] = [[], []]
  const next: [number[], number[]] = [[], []]
  for (let pair = 0; pair < pairs; pair++) {
    for (const side of Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const)) {
      own[side].push(await timeOf(socket, ask[side](pair)))
      next[side].push(await timeOf(socket, health))
      // As an attacker does, who has the portal to himself at night: what is queued is worked off between the pairs.
      if (name === 'form' && pair % 2 === 1) await sleep(400)
    }
  }
  return { name, own: greaterShare(...own), next: greaterShare(...next) }
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
