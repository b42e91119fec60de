import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { sheetDesign } from '../../../src/shared/sheet.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

async function openWithLiveCode(): Promise<TestConsole & { earlier: string }> {
  const console = await openTestConsole()
  await console.call('groups:add', { name: 'Night' })
  await console.call('users:add', { username: 'ada', group: 'Night', name: 'Ada' })
  const { issued } = await console.call('codes:issue', { selection: { usernames: ['ada'] }, reveal: true })
  return { ...console, earlier: issued[0]?.code ?? '' }
}

/** As a version wrote it that counted letters, not bytes. */
function writeLongUrl(folder: string): void {
  const sqlite = new BetterSqlite3(path.join(folder, 'console.db'))
  const url = `https://auth.example.com/${'ü'.repeat(450)}/`
  sqlite
    .prepare(`insert into settings (key, value, updated_at_ms) values ('policy.selfReset.completeUrl', ?, 0)`)
    .run(JSON.stringify(url))
  sqlite.close()
}

const states = async (console: TestConsole) => (await console.call('codes:list', {})).codes.map(({ state }) => state)

it('lives on where the QR code of the next one would hold too long a text', async () => {
  const console = await openWithLiveCode()
  const { earlier } = console
  writeLongUrl(console.folder)
  const selection = { usernames: ['ada'] }
  const design = sheetDesign.parse({ stock: 'L7160' })
  const provision = () =>
    console.portal.provisioning.provision({ username: 'ada', code: earlier, address: '192.0.2.1' })
  const refusals = [
    () => console.call('qr:issue', { username: 'ada', format: 'png', scale: 4 }),
    () => console.call('sheets:make', { selection, design })
  ]
  for (const refused of refusals) {
    expect(await refusalOf(refused)).toMatchObject({ code: 'text-too-long' })
    expect(await states(console)).toEqual(['live'])
  }
  const leftOut = [{ username: 'ada', reason: expect.stringContaining('too long for a QR code') }]
  expect(await console.call('codes:issue', { selection, reveal: true })).toMatchObject({ issued: [], skipped: leftOut })
  expect(await console.call('codes:issueFile', { selection })).toMatchObject({ issued: 0, skipped: leftOut })
  expect(await states(console)).toEqual(['live'])
  expect(await provision()).toHaveProperty('id')
})

it('lives on where a sheet cannot be drawn after all', async () => {
  const console = await openWithLiveCode()
  await console.call('sheets:setLetter', { text: `%QR%\n${'long line of words\n'.repeat(300)}` })
  const design = sheetDesign.parse({ stock: 'letter-A4' })
  const making = () => console.call('sheets:make', { selection: { usernames: ['ada'] }, design })
  expect(await refusalOf(making)).toMatchObject({ code: 'letter-too-long' })
  expect(await states(console)).toEqual(['live'])
})

it('is not ended by a name whose marks no font can place: its sheet is made without them', async () => {
  const console = await openWithLiveCode()
  await console.call('users:set', { username: 'ada', change: { name: 'Ada g\u0335\u0319\u0308' } })
  const design = sheetDesign.parse({ stock: 'L7160' })
  const selection = { usernames: ['ada'] }
  expect(await console.call('sheets:plan', { selection, design })).toMatchObject({ namesWithoutMarks: ['ada'] })
  const made = await console.call('sheets:make', { selection, design })
  expect(made).toMatchObject({ sheet: { labels: 1, codes: { live: 1 } } })
})

it('cannot be put at risk by a URL whose bytes leave no room', async () => {
  const console = await openWithLiveCode()
  const url = `https://auth.example.com/${'ü'.repeat(450)}/`
  const setting = () => console.call('settings:set', { changes: { 'policy.selfReset.completeUrl': url } })
  const refusal = await refusalOf(setting)
  expect(refusal).toMatchObject({ code: 'setting-invalid', message: expect.stringContaining('may be 500') })
})
