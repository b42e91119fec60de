import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileTemplate, fillIn, generateText } from '../../../src/main/mail/compiled-template.ts'
import { readHtml } from '../../../src/main/mail/html-tags.ts'
import { findKeywords } from '../../../src/main/mail/keywords.ts'
import { openTestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const values = {
  NAME: 'Ann O’Hara',
  USERNAME: 'ann',
  CODE: 'K7QM',
  url1: 'https://h/p/K7QM',
  url2: 'https://h/g/1',
  url3: 'https://h/c/1/ann/K7QM?s=abc',
  url4: 'https://h/q?text=x%2Fy&s=abc'
}

async function render(html: string, change: Record<string, string> = {}): Promise<string> {
  const template = await compileTemplate({ subject: 'x', html, text: null }, { html: true, qrImage: 'linked' })
  return withoutDoctype(fillIn(template.html ?? [], { ...values, ...change }))
}

/** Every mail has one, whether or not its template has. */
function withoutDoctype(html: string): string {
  expect(html).toMatch(/^<!doctype html>\r\n/)
  return html.replace(/^<!doctype html>\r\n/, '').trimEnd()
}

describe('keywords', () => {
  it('become addresses, unquoted attributes included, and words that hold them are left alone', async () => {
    expect(await render('<img alt="" src=url4>')).toBe('<img alt="" src=https://h/q?text=x%2Fy&amp;s=abc>')
    expect(await render('<a href="url3">url3</a> curl4u url44 myurl4 url4.')).toBe(
      '<a href="https://h/c/1/ann/K7QM?s=abc">https://h/c/1/ann/K7QM?s=abc</a> curl4u url44 myurl4 https://h/q?text=x%2Fy&amp;s=abc.'
    )
  })

  it('are not found in what is percent-encoded', () => {
    expect(findKeywords('https://x/?q=%E2%80%93&r=%20%').map(({ word }) => word)).toEqual([])
    expect(findKeywords('%CODE%%NAME% 100%').map(({ word }) => word)).toEqual(['CODE', 'NAME'])
  })

  it('are written as their place needs it', async () => {
    const hostile = `"><script>alert(1)</script>' onload=x`
    const html = await render(
      '<p title="%NAME%" class=%NAME% id=\'%NAME%\'>%NAME% <a href="https://x/?u=%NAME%">x</a><!-- %NAME% --></p>',
      { NAME: hostile }
    )
    const tags = readHtml(html).filter((token) => token.kind === 'tag')
    expect(tags.map(({ name, isEnd }) => `${isEnd ? '/' : ''}${name}`)).toEqual(['p', 'a', '/a', '/p'])
    expect(tags[0]?.attributes.map(({ name }) => name)).toEqual(['title', 'class', 'id'])
    expect(tags[1]?.attributes[0]?.value).toMatch(/^https:\/\/x\/\?u=%22%3E%3Cscript/)
  })

  it('never let a name become markup, wherever they stand', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc
        .array(fc.constantFrom('<', '>', '"', "'", '&', '=', ' ', '`', '-', '-->', '<!--', '<b>', '</p>', 'x', '\n'), {
          maxLength: 20
        })
        .map((parts) => parts.join(''))
    )
    const shape = (html: string) =>
      readHtml(html).map((token) =>
        token.kind === 'tag' ? `${token.name} ${token.attributes.map(({ name }) => name).join(' ')}` : token.kind
      )
    const source = '<p title="%NAME%" lang=a%NAME%z>a%NAME%z</p><!-- a%NAME%z --><i>x</i>'
    const plain = shape(await render(source, { NAME: 'plain' }))
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        expect(shape(await render(source, { NAME: name }))).toEqual(plain)
      }),
      { numRuns: 200 }
    )
  })
})

describe('the picture', () => {
  const draw = async (html: string, qrImage: 'linked' | 'embedded' | 'both') => {
    const template = await compileTemplate({ subject: 'x', html, text: null }, { html: true, qrImage })
    return withoutDoctype(fillIn(template.html ?? [], { ...values, 'picture cid': 'qr@x' }))
  }
  it('is linked, embedded, or embedded with a link around it, and has the code as its text', async () => {
    expect(await draw('<img src=url4>', 'linked')).toBe(
      '<img alt="QR code. Code to type: K7QM" src=https://h/q?text=x%2Fy&amp;s=abc>'
    )
    expect(await draw('<img src=url4>', 'embedded')).toBe('<img alt="QR code. Code to type: K7QM" src="cid:qr@x">')
    expect(await draw("<img src='url4' alt=QR>", 'both')).toBe(
      '<a href="https://h/q?text=x%2Fy&amp;s=abc"><img src=\'cid:qr@x\' alt=QR></a>'
    )
    expect(await draw('<a href="url3"><img src=url4 alt=QR></a>', 'both')).toBe(
      '<a href="https://h/c/1/ann/K7QM?s=abc"><img src="cid:qr@x" alt=QR></a>'
    )
  })
})

describe('the plain-text part', () => {
  it('says what the HTML says, addresses as they are and without pictures', async () => {
    const text = await generateText(
      '<h1>Hello %NAME%</h1><p>Go to <a href="url3">this page</a>.</p><img src=url4 alt="%CODE%">'
    )
    expect(text).toBe('Hello %NAME%\n\nGo to this page <url3>.')
  })
})

describe('templates', () => {
  it('are the shipped ones until somebody changes them, by group where a group has its own', async () => {
    const { call } = await openTestConsole()
    const shipped = await call('templates:get', { kind: 'code' })
    expect(shipped).toMatchObject({ shipped: 'designed', group: null, updatedAtMs: null })
    const own = { subject: 'Hi %NAME%', html: '<p>%CODE%</p><img src=url4>', text: null }
    await call('templates:set', { kind: 'code', group: 'Staff', ...own })
    expect(await call('templates:get', { kind: 'code', group: 'staff' })).toMatchObject({
      ...own,
      group: 'Staff',
      shipped: null
    })
    expect(await call('templates:get', { kind: 'code' })).toEqual(shipped)
    expect(await call('templates:reset', { kind: 'code', group: 'Staff' })).toEqual(shipped)
    expect(await call('templates:reset', { kind: 'code', variant: 'plain' })).toMatchObject({ shipped: 'plain' })
    expect((await call('templates:list', {})).map(({ kind }) => kind)).toEqual(['code', 'notice', 'link'])
  })

  it('are refused with an unknown keyword, and told where it stands', async () => {
    const { call } = await openTestConsole()
    const wrong = { subject: 'Hi', html: '<p>\n%NMAE% url4</p>', text: null }
    const refused = await refusalOf(() => call('templates:set', { kind: 'code', ...wrong }))
    expect(refused).toMatchObject({ code: 'template-invalid' })
    const finding = await call('templates:validate', { kind: 'code', ...wrong })
    expect(finding.isUsable).toBe(false)
    expect(finding.problems).toMatchObject([{ part: 'html', severity: 'error', from: 4, to: 10, line: 2, column: 1 }])
    const bad = async (html: string, kind: 'code' | 'notice' = 'code') =>
      (await call('templates:validate', { kind, subject: 'x', html, text: null })).problems
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => message)
    expect(await bad('<img src=url4><a href="%NAME%">x</a>')).toHaveLength(1)
    expect(await bad('<img src=url4><script>x = "%NAME%"</script>')).toHaveLength(1)
    expect(await bad('<p>%CODE%</p>', 'notice')).toHaveLength(1)
    expect(await bad('<p>url4 %TIME%</p>', 'notice')).toHaveLength(1)
  })

  it('that are shipped have no problem at all', async () => {
    const { call } = await openTestConsole()
    for (const kind of ['code', 'notice', 'link'] as const) {
      for (const variant of ['designed', 'plain'] as const) {
        const { subject, html, text } = await call('templates:reset', { kind, variant })
        expect((await call('templates:validate', { kind, subject, html, text })).problems).toEqual([])
      }
    }
  })

  it('warn that no QR code shows without url4, and with HTML off', async () => {
    const { call } = await openTestConsole()
    const warnings = async (html: string) =>
      (await call('templates:validate', { kind: 'code', subject: 'x', html, text: null })).problems.map(
        ({ severity }) => severity
      )
    expect(await warnings('<p>%CODE%</p>')).toEqual(['warning'])
    expect(await warnings('<img src=url4>')).toEqual([])
    await call('settings:set', { changes: { 'transport.default.html': false } })
    expect(await warnings('<img src=url4>')).toEqual(['warning'])
  })
})
