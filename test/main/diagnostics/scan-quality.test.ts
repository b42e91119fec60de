import { encode } from 'jpeg-js'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { blur, shrink, type GreyBitmap } from '../../../src/main/diagnostics/bitmap.ts'
import { parseProvisionText } from '../../../src/shared/provision-url.ts'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../src/main/qr/png.ts'
import { signLink } from '../../../src/main/links/link-signature.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { createTestClock, fileKeySources, openTestConsole, type TestConsole } from '../../support/console.ts'
import { drawText, readDistorted } from './distorted.ts'

const text = 'https://portal.example.com:8443/userportal/complete/123456789/jdoe/ABCDE12345'

function toPng({ width, height, luminance }: GreyBitmap): Buffer {
  const png = new PNG({ width, height })
  luminance.forEach((value, index) => png.data.set([value, value, value, 255], index * 4))
  return PNG.sync.write(png)
}

const change = (bitmap: GreyBitmap, pixel: (value: number, x: number, y: number) => number): GreyBitmap => ({
  ...bitmap,
  luminance: bitmap.luminance.map((value, index) =>
    pixel(value, index % bitmap.width, Math.floor(index / bitmap.width))
  )
})

async function scanOf(console: TestConsole, picture: Uint8Array) {
  const { codes } = await console.call('diagnostics:readPicture', { image: picture })
  expect(codes).toHaveLength(1)
  if (!codes[0]) throw new Error('nothing was read')
  return codes[0].scan
}

describe('how well a code in a picture scans', () => {
  it('is good for one as this program draws it', async () => {
    const console = await openTestConsole()
    expect(await scanOf(console, renderQrPng(createQrMatrix(text), { scale: 6 }))).toEqual({
      verdict: 'good',
      modulePx: 6,
      contrast: 1,
      quietZoneModules: 4,
      damage: 0,
      isInverted: false,
      isMirrored: false,
      trials: [
        { trial: 'blurred', reads: true },
        { trial: 'shrunk', reads: true },
        { trial: 'tilted', reads: true }
      ],
      advice: []
    })
  })

  it('says what to change: size, contrast, border, damage, light on dark', async () => {
    const console = await openTestConsole()
    const drawn = drawText(text, 6)
    const side = Math.round((drawn.width * 37) / 45 / 1.5) // of the symbol alone
    expect(side).toBeGreaterThan(100)
    const small = await scanOf(console, renderQrPng(createQrMatrix(text), { scale: 2 }))
    expect(small).toMatchObject({ verdict: 'weak', modulePx: 2 })
    expect(small.advice[0]).toContain('2.0 pixels a module')

    const faint = await scanOf(console, toPng(change(drawn, (value) => 120 + value * 0.3)))
    expect(faint).toMatchObject({ verdict: 'poor', quietZoneModules: 4 })
    expect(faint.advice[0]).toContain('Black and white differ by 28 %')

    // The desk reaches up to one module from the code.
    const edge = (drawn.width - (createQrMatrix(text).size + 2) * 6) / 2
    const tight = await scanOf(
      console,
      toPng(
        change(drawn, (value, x, y) => (Math.min(x, y, drawn.width - 1 - x, drawn.width - 1 - y) < edge ? 60 : value))
      )
    )
    expect(tight).toMatchObject({ verdict: 'poor', quietZoneModules: 1 })
    expect(tight.advice[0]).toContain('white border is 1 modules wide')

    const middle = drawn.width / 2
    const stain = (value: number, x: number, y: number) => (Math.hypot(x - middle, y - middle) < 26 ? 10 : value)
    const stained = await scanOf(console, toPng(change(drawn, stain)))
    expect(stained.damage).toBeGreaterThan(0.2)
    expect(stained.verdict).not.toBe('good')

    const inverted = await scanOf(console, toPng(change(drawn, (value) => 255 - value)))
    expect(inverted).toMatchObject({ verdict: 'weak', isInverted: true })
    expect(inverted.advice.join(' ')).toContain('light on dark')
  })

  it('is measured in a photograph too, and tells one that is nearly too blurred', async () => {
    const console = await openTestConsole()
    const photograph = blur(shrink(drawText(text, 6), 0.6), 1)
    const rgba = toRgba(photograph)
    const scan = await scanOf(console, encode(rgba, 60).data)
    expect(scan.modulePx).toBeGreaterThan(3)
    expect(scan.modulePx).toBeLessThan(4)
    expect(scan.verdict).toBe('weak')
    expect(scan.advice[0]).toContain('pixels a module')
  })

  it('cannot be measured of a GIF, whose code is read all the same', async () => {
    const console = await openTestConsole()
    const { readFileSync } = await import('node:fs')
    const scan = await scanOf(console, readFileSync('test/main/qr/pictures/code.gif'))
    expect(scan).toMatchObject({ contrast: null, quietZoneModules: null, trials: [] })
    expect(scan.advice.at(-1)).toContain('measured in PNG and JPEG')
  })

  it('reads at least five of six distorted pictures, and none wrongly', async () => {
    const { read, wrong } = await readDistorted(60)
    expect(wrong).toBe(0)
    expect(read).toBeGreaterThanOrEqual(50)
  })
})

function toRgba({ width, height, luminance }: GreyBitmap) {
  const data = Buffer.alloc(width * height * 4, 255)
  luminance.forEach((value, index) => data.fill(value, index * 4, index * 4 + 3))
  return { width, height, data }
}

describe('who made the text of a code', () => {
  it('is told by the signature: ours, another one, none, and a text that is none of ours', async () => {
    const console = await openTestConsole()
    const user = await console.call('users:add', { username: 'ada', group: 'Staff' })
    const { issued } = await console.call('codes:issue', { selection: { usernames: ['ada'] }, reveal: true })
    const url = issued[0]?.url ?? ''
    const parsed = parseProvisionText(url)
    const { keys } = await openDataKey(console.folder, fileKeySources, createTestClock())
    const signature = signLink(keys.signing, { siteId: parsed?.siteId ?? 0, userId: user.id, code: parsed?.code ?? '' })
    const look = async (held: string) => {
      const image = renderQrPng(createQrMatrix(held), { scale: 4 })
      const [code] = (await console.call('diagnostics:readPicture', { image })).codes
      return [code?.origin, code?.code, code?.warning]
    }
    expect(await look(`${url}?s=${signature}`)).toEqual(['signed', 'live', null])
    expect(await look(url)).toEqual(['issued', 'live', null])
    const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    expect(await look(`${url}?s=${other}`)).toEqual([
      'forged',
      'live',
      expect.stringContaining('a signature that this server did not make') as string
    ])
    expect(await look('https://evil.example/x')).toEqual([
      'foreign',
      null,
      'It is a link that is not ours; do not open it.'
    ])
    expect(await look('WIFI')).toEqual(['foreign', null, null])
    await console.call('settings:set', { changes: { 'server.host': 'new.example.com' } })
    expect((await look(url))[2]).toContain('another address than this server’s')
  })
})
