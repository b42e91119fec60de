import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { askHttp } from '../../../src/main/diagnostics/probe.ts'
import { askLinks } from '../../../src/main/mail/link-answers.ts'
import type { PortalPlace } from '../../../src/main/diagnostics/own-portal.ts'

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function portalAt(url: string): PortalPlace {
  const { hostname, port } = new URL(url)
  return { 'server.host': hostname, 'server.port': Number(port), 'portal.address': '127.0.0.1', 'portal.port': 8443 }
}

it('asks nothing in the house but the portal, whatever the addresses of a mail are set to', async () => {
  let asked = 0
  const url = await listen((_request, answer) => {
    asked++
    answer.end()
  })
  const portal = {
    'server.host': 'console.example.com',
    'server.port': 443,
    'portal.address': '0.0.0.0',
    'portal.port': 8443
  }
  const { port } = new URL(url)
  for (const host of [
    '127.0.0.1',
    'localhost',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '169.254.169.254',
    '10.0.0.1'
  ]) {
    const text = `http://${host}:${port}/`
    const [answer] = await askLinks({ html: null, text }, [text], portal)
    expect([host, answer?.outcome]).toEqual([host, 'not-asked'])
  }
  expect(asked).toBe(0)
})

it('connects to the addresses that were looked at, whatever the name service says next', async () => {
  const url = await listen((_request, answer) => answer.end('here'))
  const { port } = new URL(url)
  // No name service knows this one.
  const result = await askHttp({ method: 'GET', url: `http://portal.invalid:${port}/` }, { addresses: ['127.0.0.1'] })
  expect(result).toMatchObject({ answer: { status: 200 } })
})

it('says what an address of one’s own answers, and asks no other', async () => {
  const url = await listen((_request, answer) =>
    answer.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing.')
  )
  const text = `Go to ${url}/page or to http://192.0.2.1/page`
  expect(await askLinks({ html: null, text }, [url], portalAt(url))).toEqual([
    { url: `${url}/page`, outcome: 'answers', message: 'Answered 404, text/plain.' },
    { url: 'http://192.0.2.1/page', outcome: 'not-asked', message: 'Of another site, so it was not asked.' }
  ])
})

it('reads of an answer its head and nothing more, however much comes after it', async () => {
  let sent = 0
  const ended = Promise.withResolvers<void>()
  const url = await listen((_request, answer) => {
    const chunk = Buffer.alloc(65_536)
    const more = () => {
      while (!answer.destroyed && sent < 1e9) {
        sent += chunk.length
        if (!answer.write(chunk)) return
      }
      answer.destroy()
    }
    answer.writeHead(200, { 'content-type': 'image/png' }).on('drain', more).on('close', ended.resolve)
    more()
  })
  expect(await askLinks({ html: null, text: url }, [url], portalAt(url))).toMatchObject([
    { message: 'Answered 200, image/png.' }
  ])
  await ended.promise
  // What the buffers of both ends take in any case.
  expect(sent).toBeLessThan(50e6)
})
