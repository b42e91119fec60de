import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { createAside, type AsideOptions } from '../../../src/main/aside/aside.ts'
import { capDecoderMemory } from '../../../src/main/aside/decoder-memory.ts'
import { readTextsAside } from '../../../src/main/aside/pictures.ts'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../src/main/qr/png.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { openTestConsole } from '../../support/console.ts'
import { slowPicture } from './finder-patterns.ts'

const code = renderQrPng(createQrMatrix('it reads'))
const slowHtml = `<style>${Array.from({ length: 1500 }, (_, rule) => `.a${rule} .b, p:nth-child(${rule}) b{color:red}`).join('')}</style>${'<p class="b"><b>x</b></p>'.repeat(4000)}`
const openHtml = '<div>'.repeat(20_000)

const createTestAside = (options: Partial<AsideOptions>) =>
  createAside({
    deadlineMs: 60_000,
    maxWaiting: 8,
    maxHeapMegabytes: 256,
    refuse: (why) => new AppError('invalid-input', why),
    ...options
  })

const compiling = (html: string) => ({
  content: { subject: 'Hello', html, text: null },
  options: { html: true, qrImage: 'embedded' as const }
})

describe('a picture that keeps a decoder busy', () => {
  it('is refused with a way out, while whoever asks this program is answered, and the next one is read', async () => {
    const server = createServer((_request, response) => response.end('ok'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const picture = slowPicture()
    expect(picture.length).toBeLessThan(100_000)
    let isRead = false
    const reading = readTextsAside(picture).finally(() => (isRead = true))
    const next = readTextsAside(code)
    reading.catch(() => undefined)
    for (let asked = 0; asked < 20; asked++) {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      expect([await answer.text(), isRead]).toEqual(['ok', false])
    }
    await expect(reading).rejects.toMatchObject({
      code: 'picture-unreadable',
      message: 'This picture takes too long to read; crop it to the QR code and try again.'
    })
    expect(await next).toEqual([{ text: 'it reads' }])
  })

  it('is refused by every way in, and the console goes on', async () => {
    const { dispatch } = await openTestConsole()
    const image = slowPicture()
    const refused = { ok: false, error: { code: 'picture-unreadable' } }
    const caller = { role: 'administrator', actor: 'tester' } as const
    expect(await dispatch('qr:decode', { image }, caller)).toMatchObject(refused)
    expect(await dispatch('diagnostics:readPicture', { image }, caller)).toMatchObject(refused)
    expect(await dispatch('diagnostics:readPicture', { image: code }, caller)).toMatchObject({ ok: true })
  })
})

describe('a template that keeps its compiler busy', () => {
  it('is a finding that keeps it from being saved, and a refusal of its preview', async () => {
    const { dispatch, log } = await openTestConsole()
    const caller = { role: 'administrator', actor: 'tester' } as const
    for (const [html, words] of [
      [slowHtml, 'takes too long'],
      [openHtml, 'nested too deeply'],
      [`<style>p{color:red}</style>${openHtml}`, 'nested too deeply']
    ] as const) {
      const draft = { subject: 'Hello', html, text: null }
      expect(await dispatch('templates:validate', { kind: 'notice', group: null, ...draft }, caller)).toMatchObject({
        ok: true,
        value: { isUsable: false, problems: [{ part: 'html', message: expect.stringContaining(words) }] }
      })
      const refused = { ok: false, error: { code: 'template-invalid', message: expect.stringContaining(words) } }
      expect(await dispatch('mail:preview', { kind: 'notice', draft, life: {} }, caller)).toMatchObject(refused)
      expect(await dispatch('templates:set', { kind: 'notice', group: null, ...draft }, caller)).toMatchObject(refused)
    }
    expect(log.lines.filter((line) => line.startsWith('error'))).toEqual([])
    const draft = { subject: 'Hello', html: '<p>%NAME%', text: null }
    expect(await dispatch('mail:preview', { kind: 'notice', draft, life: {} }, caller)).toMatchObject({ ok: true })
  })
})

describe('work aside', () => {
  it('that takes too much memory ends alone', async () => {
    const aside = createTestAside({ maxHeapMegabytes: 16 })
    const html = `<style>p{color:red}</style>${'<p>x'.repeat(49_000)}`
    await expect(aside.run('compileTemplate', compiling(html))).rejects.toThrow('too-large')
    expect(await aside.run('compileTemplate', compiling('<p>x'))).toMatchObject({ subject: ['Hello'] })
  })

  it('is refused when too much of it waits, and what waits is still done', async () => {
    const aside = createTestAside({ maxWaiting: 2 })
    const three = [1, 2, 3].map(() => aside.run('readTexts', { image: code }))
    await expect(aside.run('readTexts', { image: code })).rejects.toThrow('crowded')
    expect(await Promise.all(three)).toEqual(three.map(() => [{ text: 'it reads' }]))
  })

  it('keeps a refusal’s code and words', async () => {
    await expect(readTextsAside(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'picture-unreadable' })
  })
})

describe('the memory of a decoder', () => {
  const { prototype } = (
    globalThis as unknown as { WebAssembly: { Memory: { prototype: { grow(pages: number): number } } } }
  ).WebAssembly.Memory
  const { grow } = prototype
  afterEach(() => void (prototype.grow = grow))

  it('has an end, which refuses the picture and not the next one', async () => {
    const { readQrPicture } = await import('../../../src/main/qr/decode.ts')
    capDecoderMemory(48 * 1024 * 1024)
    await expect(readQrPicture(slowPicture())).rejects.toMatchObject({ code: 'picture-unreadable' })
    expect(await readQrPicture(code)).toEqual([{ text: 'it reads' }])
  })
})
