import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { createTestClock, openTestConsole } from './console.ts'
import { startPortalProcess } from './portal-process.ts'

/** Guesses from one address that names another one in every request. Returns how often each error was answered. */
export async function guessUnderOtherNames(guesses: number): Promise<Map<string, number>> {
  const console = await openTestConsole()
  const { url } = await console.portalRunner.start({ host: '127.0.0.1', port: 0, tls: false })
  const errors = new Map<string, number>()
  for (let guess = 0; guess < guesses; guess++) {
    const answer = await fetch(`${url}/proxy/AgentXML`, {
      method: 'POST',
      headers: { 'x-forwarded-for': `203.0.113.${guess % 250}`, forwarded: `for=198.51.100.${guess % 250}` },
      body: `<SASRequest><Version>3</Version><Action>provision</Action><Username>user${guess}</Username><ProvisionCode>WRONG</ProvisionCode></SASRequest>`
    })
    const error = /<Error>(.*)<\/Error>/.exec(await answer.text())?.[1] ?? ''
    errors.set(error, (errors.get(error) ?? 0) + 1)
  }
  return errors
}

/**
 * Opens so many connections to a portal of its own process that say nothing, or half of something, while a good client asks
 * again and again. Returns what it was answered, and its longest wait.
 */
export async function floodWithConnections(connections: number): Promise<{ statuses: Set<number>; slowestMs: number }> {
  const console = await openTestConsole({ clock: createTestClock(Date.now()) })
  const { url, port } = await startPortalProcess(console.folder)
  const sockets = Array.from({ length: connections }, (_, index) => {
    const socket = connect(port, '127.0.0.1', () => {
      if (index % 3 === 1) socket.write('GET /healthz HTTP/1.1\r\nHos')
      if (index % 3 === 2) socket.write('POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<SAS')
    })
    // Being thrown out is what they came for.
    return socket.on('error', () => undefined)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const statuses = new Set<number>()
  let slowestMs = 0
  for (let asked = 0; asked < 20; asked++) {
    const startMs = performance.now()
    const answer = await fetch(`${url}/healthz`, { headers: { connection: 'close' } })
    statuses.add(answer.status)
    await answer.arrayBuffer()
    slowestMs = Math.max(slowestMs, performance.now() - startMs)
  }
  return { statuses, slowestMs }
}
