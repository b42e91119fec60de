import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contentSecurityPolicy } from '../../../src/main/http/content-security-policy.ts'
import { createRendererFiles, resolveRendererFile } from '../../../src/main/http/renderer-files.ts'
import { createTestFolder } from '../../support/console.ts'

function createFolder(): string {
  const folder = path.join(createTestFolder(), 'renderer')
  mkdirSync(folder)
  writeFileSync(path.join(folder, 'index.html'), '<style nonce="__CSP_NONCE__"></style><meta nonce="__CSP_NONCE__">')
  writeFileSync(path.join(folder, 'notes.txt'), 'not part of a build')
  return folder
}

describe('createRendererFiles', () => {
  it('puts one fresh nonce into every place of the page and into its policy', async () => {
    const { answer } = createRendererFiles(createFolder())
    const [first, second] = [await answer('/'), await answer('/?again')]
    const nonces = [first, second].map(({ body }) => [...body.toString().matchAll(/nonce="([^"]*)"/g)].map((m) => m[1]))
    expect(nonces[0]?.[0]).toBe(nonces[0]?.[1])
    expect(nonces[0]?.[0]).toMatch(/^[\w+/]{22}==$/)
    expect(nonces[0]?.[0]).not.toBe(nonces[1]?.[0])
    expect(first.headers['content-security-policy']).toContain(`'nonce-${nonces[0]?.[0]}'`)
  })

  it('serves only the kinds of file that a build holds', async () => {
    const { answer } = createRendererFiles(createFolder())
    expect((await answer('/notes.txt')).status).toBe(404)
  })

  it('serves what a development server makes, with a nonce and a policy that lets its pushes in', async () => {
    const server = http.createServer((request, response) => {
      const isPage = request.url === '/'
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript')
      response.statusCode = request.url === '/missing' ? 404 : 200
      response.end(isPage ? '<script nonce="__CSP_NONCE__"></script>' : `at ${request.url}`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { answer } = createRendererFiles('/nowhere', `http://127.0.0.1:${port}`)
    const page = await answer('/')
    expect(page.body.toString()).not.toContain('__CSP_NONCE__')
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port}`)
    expect((await answer('/main.tsx?t=1')).body.toString()).toBe('at /main.tsx?t=1')
    expect((await answer('/missing')).status).toBe(404)
    // Whatever the path looks like, nobody else is asked.
    expect((await answer('//evil.example/main.js')).body.toString()).toContain('/evil.example/main.js')
  })
})

describe('resolveRendererFile', () => {
  it('names nothing outside the folder, whatever the path', () => {
    const folder = path.resolve('/srv/renderer')
    const piece = fc.constantFrom(
      '..',
      '.',
      '%2e',
      '%2E%2e',
      '/',
      '%2f',
      '\\',
      '%5c',
      '%00',
      '%25',
      'a',
      'b.js',
      ':',
      'C:',
      '~',
      '@',
      ' '
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const file = resolveRendererFile(folder, `/${pieces.join('')}`)
        if (file !== null) expect(file.startsWith(folder + path.sep)).toBe(true)
      }),
      { numRuns: 2000 }
    )
    expect(resolveRendererFile(folder, '/assets/index-D_4f.js')).toBe(path.join(folder, 'assets', 'index-D_4f.js'))
  })
})

describe('contentSecurityPolicy', () => {
  it('starts from nothing and never allows inline code, evaluation or another origin', () => {
    const policy = contentSecurityPolicy('abc', null)
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc';/)
    expect(policy).not.toMatch(/unsafe|http|\*|wss?:/)
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors'])
      expect(policy).toContain(`${directive} 'none'`)
  })
})
