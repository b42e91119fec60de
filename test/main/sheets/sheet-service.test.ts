import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pageSizes, sheetDesign } from '../../../src/shared/sheet.ts'
import { openPdf, readCodeAt } from '../../../src/main/sheets/read-back.ts'
import { layoutLabel, labelBoxes } from '../../../src/main/sheets/label-layout.ts'
import { findStock } from '../../../src/main/sheets/stock.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const users = [
  'username,name,email,group',
  ...Array.from({ length: 30 }, (_, index) => `user${index},Name ${index},u${index}@example.com,Staff`)
].join('\n')

async function openFilled(csv = users): Promise<TestConsole> {
  const console = await openTestConsole()
  const report = await console.call('users:import', { content: Buffer.from(csv), createGroups: true })
  expect(report.rejected).toEqual([])
  return console
}

const design = (change: object = {}) => ({ ...sheetDesign.parse({ stock: 'L7160' }), ...change })
const everybody = { filter: {} }

const liveCodes = async (console: TestConsole) =>
  (await console.call('users:count', { filter: { code: ['live'] } })).users

describe('making a sheet', () => {
  it('issues a code to everybody and prints each where the list says', async () => {
    const console = await openFilled()
    const { sheet, pdf, skipped } = await console.call('sheets:make', {
      selection: everybody,
      design: design({ startAt: 5 })
    })
    expect(skipped).toEqual([])
    expect(sheet).toMatchObject({ part: 'L7160', state: 'offered', labels: 30, pages: 2, madeBy: 'tester' })
    expect(sheet.codes.live).toBe(30)
    // The policy's validity for sheets.
    expect(sheet.expiresAtMs).toBe(console.clock.nowMs() + 7 * 86_400_000)
    const { labels } = await console.call('sheets:show', { id: sheet.id })
    expect(labels.map(({ name }) => name)).toEqual(Array.from({ length: 30 }, (_, index) => `Name ${index}`))
    expect(labels[0]).toMatchObject({ position: 4, page: 1, code: 'live' })
    expect(labels.at(-1)).toMatchObject({ position: 33, page: 2 })

    const stock = findStock('L7160')
    if (stock.kind !== 'labels') throw new Error('no labels')
    const { qr } = layoutLabel(stock.stock)
    const boxes = labelBoxes(stock.stock)
    const opened = await openPdf(pdf)
    const page = await opened.render(2, 150)
    await opened.close()
    const box = boxes[33 - 21]
    if (!box) throw new Error('no such label')
    const text = await readCodeAt(page, { ...qr, xMm: box.xMm + qr.xMm, yMm: box.yMm + qr.yMm }, 150)
    expect(text).toContain('/user29/')
    const [decoded] = await console.call('qr:decode', { image: await pngOf(text ?? '') })
    expect(decoded).toMatchObject({ username: 'user29', isOurs: true, code: 'live' })
  })

  it.each([
    ['L7160', 'A4'],
    ['5160', 'Letter'],
    ['Letter:2x5', 'Letter'],
    ['letter-A4', 'A4']
  ] as const)('of %s names %s as the paper to be loaded, and has its size', async (stock, paper) => {
    const console = await openFilled()
    const sheet = await console.call('sheets:make', { selection: { usernames: ['user1'] }, design: design({ stock }) })
    const testPage = await console.call('sheets:testPage', { stock })
    for (const file of [sheet, testPage]) {
      expect(file.paper).toBe(paper)
      const opened = await openPdf(file.pdf)
      const { width, height } = await opened.sizeOf(1)
      await opened.close()
      const { widthMm, heightMm } = pageSizes[paper]
      expect([(width * 25.4) / 72, (height * 25.4) / 72]).toEqual([
        expect.closeTo(widthMm, 1),
        expect.closeTo(heightMm, 1)
      ])
    }
  })

  it('leaves out who could not use a code, and says why', async () => {
    const console = await openFilled()
    await console.call('groups:add', { name: 'No Mobile', mobileClient: false })
    await console.call('users:set', { username: 'user1', change: { group: 'No Mobile' } })
    await console.call('users:disable', { selection: { usernames: ['user2'] } })
    const selection = { usernames: ['user3', 'user1', 'USER0', 'user2', 'nobody'] }
    const plan = await console.call('sheets:plan', { selection, design: design() })
    expect(plan).toMatchObject({ labels: 2, pages: 1, labelsAPage: 21, endedCodes: 0, linesWithoutRoom: [] })
    expect(plan.leftOut.map(({ reason, usernames }) => [reason, usernames])).toEqual([
      ['there is no such user', ['nobody']],
      ['the group may not use a Mobile Client', ['user1']],
      ['the user is disabled', ['user2']]
    ])
    const { sheet, skipped } = await console.call('sheets:make', { selection, design: design() })
    expect(skipped).toHaveLength(3)
    const { labels } = await console.call('sheets:show', { id: sheet.id })
    expect(labels.map(({ username }) => username)).toEqual(['user3', 'user0'])
    const nobody = { selection: { usernames: ['user1'] }, design: design() }
    expect(await refusalOf(() => console.call('sheets:make', nobody))).toMatchObject({ code: 'nothing-done' })
  })

  it('that is stopped while pages are read back issues no code, and ends none', async () => {
    const console = await openFilled()
    await console.call('codes:issue', { selection: everybody })
    const controller = new AbortController()
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(30)
      if (done > 0) controller.abort()
    }
    const act = { signal: controller.signal, onProgress }
    const making = console.call('sheets:make', { selection: everybody, design: design() }, act)
    expect(await refusalOf(() => making)).toMatchObject({ code: 'cancelled' })
    expect(await liveCodes(console)).toBe(30)
    const { sheets } = await console.call('sheets:list', {})
    expect(sheets).toMatchObject([{ state: 'failed', labels: 0 }])
  })

  it('is refused where the code could not be scanned, before any code is issued, with stock that would do', async () => {
    const console = await openFilled(
      `username,name,group\n${encodeURIComponent('x').repeat(60)},Long,Staff\n${'ß'.repeat(30)},Longer,Staff`
    )
    const refusal = await refusalOf(() =>
      console.call('sheets:make', { selection: everybody, design: design({ stock: 'A4:10x16' }) })
    )
    expect(refusal).toMatchObject({ code: 'qr-too-small' })
    expect(refusal.message).toMatch(
      /ß.* would have modules of 0\.1\d mm; a phone needs 0\.25 mm\. .*L7160.* would do\./
    )
    expect(await liveCodes(console)).toBe(0)
    expect((await console.call('sheets:list', {})).sheets).toEqual([])
  })

  it('refuses a start on a label that the page does not have, unknown stock, and geometry that does not add up', async () => {
    const console = await openFilled()
    const make = (change: object) =>
      refusalOf(() => console.call('sheets:make', { selection: everybody, design: design(change) }))
    expect((await make({ startAt: 22 })).message).toBe(
      'A page of L7160 has 21 labels, so label 22 cannot be the first.'
    )
    expect(await make({ stock: 'L9999' })).toMatchObject({ code: 'stock-unknown' })
    const stock = { part: 'own', page: 'A4', widthMm: 70, heightMm: 30, columns: 3, rows: 8, leftMm: 5, topMm: 5 }
    const wide = await make({ stock: { ...stock, pitchXMm: 72, pitchYMm: 30 } })
    expect(wide).toMatchObject({ code: 'stock-invalid' })
    expect(wide.message).toBe('3 columns need 5 + 2 × 72 + 70 = 219 mm, and A4 is 210 mm wide.')
    expect(await liveCodes(console)).toBe(0)
  })
})

describe('what becomes of a sheet', () => {
  it('shows in its list, and its codes are withdrawn with it, newer ones of the same users untouched', async () => {
    const console = await openFilled()
    const { sheet } = await console.call('sheets:make', {
      selection: { usernames: ['user1', 'user2'] },
      design: design()
    })
    await console.call('sheets:keep', { id: sheet.id })
    await console.call('codes:issue', { selection: { usernames: ['user2'] } })
    expect(await console.call('sheets:withdraw', { id: sheet.id })).toEqual({ withdrawn: 1 })
    const { sheets } = await console.call('sheets:list', {})
    expect(sheets).toMatchObject([
      { id: sheet.id, state: 'withdrawn', codes: { withdrawn: 1, superseded: 1, live: 0 } }
    ])
    expect(await liveCodes(console)).toBe(1)
    expect(await refusalOf(() => console.call('sheets:withdraw', { id: 99 }))).toMatchObject({
      code: 'sheet-not-found'
    })
  })

  it('is printed anew for whoever has not used the code', async () => {
    const console = await openFilled()
    const selection = { usernames: ['user5', 'user6', 'user7'] }
    const { sheet } = await console.call('sheets:make', { selection, design: design({ stock: '5160' }) })
    await console.call('users:remove', { selection: { usernames: ['user6'] } })
    console.clock.advance(8 * 86_400_000)
    const again = await console.call('sheets:reissue', { id: sheet.id, startAt: 3 })
    expect(again.sheet).toMatchObject({ id: sheet.id + 1, part: '5160', labels: 2 })
    const { labels } = await console.call('sheets:show', { id: again.sheet.id })
    expect(labels.map(({ username, position }) => [username, position])).toEqual([
      ['user5', 2],
      ['user7', 3]
    ])
    const old = await console.call('sheets:show', { id: sheet.id })
    expect(old.labels.map(({ code }) => code)).toEqual(['expired', 'withdrawn', 'expired'])
  })

  it('neither printed nor saved, is withdrawn when the console closes; a kept one stays', async () => {
    const console = await openFilled()
    const make = (username: string) =>
      console.call('sheets:make', { selection: { usernames: [username] }, design: design() })
    const offered = await make('user1')
    const kept = await make('user2')
    await console.call('sheets:keep', { id: kept.sheet.id })
    expect(readdirSync(console.folder).some((file) => file.startsWith('sheet-'))).toBe(true)
    await console.close()
    expect(readdirSync(console.folder).filter((file) => file.startsWith('sheet-'))).toEqual([])
    const again = await openTestConsole({ folder: console.folder, clock: console.clock })
    const { sheets } = await again.call('sheets:list', {})
    expect(sheets.map(({ id, state }) => [id, state])).toEqual([
      [kept.sheet.id, 'made'],
      [offered.sheet.id, 'failed']
    ])
    expect(await liveCodes(again)).toBe(1)
  })

  it('that another program has in hand is left alone by a start beside it', async () => {
    const console = await openFilled()
    await console.call('sheets:make', { selection: { usernames: ['user1'] }, design: design() })
    const beside = await openTestConsole({ folder: console.folder, clock: console.clock })
    expect(await liveCodes(beside)).toBe(1)
    expect(existsSync(console.folder)).toBe(true)
  })
})

describe('the letter', () => {
  it('takes a text of one’s own, refuses unknown keywords, and comes back', async () => {
    const console = await openFilled()
    const shipped = await console.call('sheets:letter', {})
    expect(shipped).toMatchObject({ isShipped: true, text: expect.stringContaining('%QR%') })
    const wrong = await refusalOf(() => console.call('sheets:setLetter', { text: 'Dear %NAMES%,\n%QR%' }))
    expect(wrong.message).toMatch(/^The letter holds %NAMES%, which is no keyword; there are %QR%/)
    const missing = await refusalOf(() => console.call('sheets:setLetter', { text: 'Dear %NAME%,' }))
    expect(missing.message).toContain('needs %QR% once')
    await console.call('sheets:setLetter', { text: 'Hello %NAME%\n%QR%\n' })
    const selection = { usernames: ['user1', 'user2'] }
    const { sheet } = await console.call('sheets:make', { selection, design: design({ stock: 'letter-A4' }) })
    expect(sheet).toMatchObject({ pages: 2, labels: 2, part: 'letter-A4' })
    await console.call('sheets:setLetter', {
      text: `%QR%\n${'word '.repeat(30)}\n`.padEnd(5900, 'long line of words\n')
    })
    const tooLong = await refusalOf(() =>
      console.call('sheets:make', { selection, design: design({ stock: 'letter-A4' }) })
    )
    expect(tooLong).toMatchObject({ code: 'letter-too-long' })
    // Those of the sheet before.
    expect(await liveCodes(console)).toBe(2)
    expect(await console.call('sheets:setLetter', { text: null })).toEqual(shipped)
  })
})

async function pngOf(text: string): Promise<Uint8Array> {
  const { createQrMatrix } = await import('../../../src/main/qr/matrix.ts')
  const { renderQrPng } = await import('../../../src/main/qr/png.ts')
  return renderQrPng(createQrMatrix(text))
}
