import type { Locator, Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision, type ConsoleHost } from './hosts.ts'
import { expectAccessible, pickOption, tabTo } from './page.ts'

/** 60 users: 40 of Staff, 20 of Night. */
const users = Array.from({ length: 60 }, (_, at) => `u${String(at).padStart(2, '0')},${at < 40 ? 'Staff' : 'Night'}`)

describe.each(consoleHosts)('acts on many users in $name', (host) => {
  it.skipIf(host.missing !== null)('are done by keyboard alone, say what they did, and can be undone', async () => {
    const { page, nextFile, run } = await openConsole(host)
    const rows = page.getByRole('grid', { name: 'Users' }).getByRole('row')
    await page.evaluate(`location.hash = '#/users'`)
    await rows.filter({ hasText: 'u00' }).waitFor()
    const bar = page.getByRole('toolbar', { name: 'Selected users' })

    await tabTo(page, rows.filter({ hasText: 'u00' }))
    await page.keyboard.press('Space')
    await page.keyboard.press('Shift+ArrowDown')
    await bar.getByText('2 selected').waitFor()
    await expectAccessible(page, 'the bar')
    await press(page, bar.getByRole('button', { name: 'Select all 60 that match' }))
    await bar.getByText('All 60 users that match are selected').waitFor()
    await choose(page, bar, 'Move to group…', 'the menu')
    const moving = page.getByRole('dialog', { name: 'Move 60 users to another group' })
    await moving.waitFor()
    await page.keyboard.press('ArrowDown')
    await pickOption(page, 'Guests')
    await moving.getByText(/Guests.* may not use a Mobile Client/).waitFor()
    await expectAccessible(page, 'moving')
    await press(page, moving.getByRole('button', { name: 'Move 60 users' }))
    await toast(page, '60 users are in Guests now.').waitFor()
    await undo(page, 'Undone for 60 users.')
    await page.evaluate(`location.hash = '#/users?group=Night'`)
    await page.getByText('20 of 60 users').waitFor()
    await tabTo(page, rows.filter({ hasText: 'u40' }))
    await page.keyboard.press('Control+a')
    await choose(page, bar, 'Issue codes…')
    const issuing = page.getByRole('dialog', { name: 'Issue new codes for 20 users?' })
    await issuing.waitFor()
    await expectAccessible(page, 'issuing')
    const codes = nextFile()
    await press(page, issuing.getByRole('button', { name: 'Issue 20 codes' }))
    expect(recordsOf(await codes).map((record) => record.split(',')[0])).toEqual(
      users.slice(40).map((user) => user.split(',')[0])
    )
    await page.getByRole('dialog').getByText('20 codes issued.').waitFor()
    await expectAccessible(page, 'issued')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await run('users', 'disable', 'u41', 'u42')
    await press(page, bar.getByRole('button', { name: 'Disable…' }))
    const disabling = page.getByRole('dialog', { name: 'Disable 20 users?' })
    await expectAccessible(page, 'disabling')
    await press(page, disabling.getByRole('button', { name: 'Disable 20 users' }))
    await toast(page, '18 users disabled.').waitFor()
    await undo(page, 'Undone for 18 users.')
    expect(await count(run, '--state', 'disabled')).toBe(2)

    await choose(page, bar, 'Issue codes…')
    const again = nextFile()
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Issue 20 codes' }))
    expect(recordsOf(await again)).toHaveLength(18)
    const leftOut = page.getByRole('dialog').getByRole('table', { name: '2 users left out' })
    expect(await leftOut.getByRole('row').nth(1).innerText()).toMatch(/^u41\s+the user is disabled$/)
    await expectAccessible(page, 'left out')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await bar.getByRole('button', { name: 'More' }).and(page.locator(':focus')).waitFor()

    const selected = nextFile()
    await choose(page, bar, 'Export CSV…')
    expect(recordsOf(await selected)).toHaveLength(20)
    await toast(page, '20 users exported.').waitFor()

    await page.keyboard.press('Control+k')
    await page.keyboard.type('20 users')
    await page.getByRole('option', { name: 'Withdraw… (20 users)' }).waitFor()
    expect(await page.getByRole('option').allInnerTexts()).toEqual([
      expect.stringMatching(/^Email code… \(20 users\)\s+Ctrl\+E$/),
      ...['Print sheet…', 'Withdraw…', 'Issue codes…', 'Move to group…', 'Disable…', 'Enable…', 'Unlock'].map(
        withCount
      ),
      ...['Unprovision…', 'Export CSV…', 'Remove…'].map(withCount)
    ])
    await expectAccessible(page, 'the commands for the selected users')
    await page.keyboard.type(' disable')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Disable 20 users?' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await bar.getByRole('button', { name: 'More' }).and(page.locator(':focus')).waitFor()

    await choose(page, bar, 'Unprovision…')
    await toast(page, 'None of the selected users has an app.').waitFor()
    await choose(page, bar, 'Unlock')
    await toast(page, 'None of the selected users is locked.').waitFor()
    await choose(page, bar, 'Remove…')
    const removing = page.getByRole('dialog', { name: 'Remove 20 users?' })
    await expectAccessible(page, 'removing')
    await press(page, removing.getByRole('button', { name: 'Remove 20 users' }))
    await toast(page, '20 users removed.').waitFor()
    await page.getByText('Nobody matches').waitFor()
    expect(await count(run, '--all')).toBe(40)
    await undo(page, 'Undone for 20 users.')
    await rows.filter({ hasText: 'u40' }).waitFor()

    await press(page, page.getByRole('button', { name: 'Export', exact: true }))
    await page.getByRole('menuitem').waitFor()
    await expectAccessible(page, 'the menu of the screen')
    const listed = nextFile()
    expect(await page.getByRole('menuitem').innerText()).toBe('Export 20 users as CSV…')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(recordsOf(await listed)[0]).toMatch(/^u40,,,Night,/)

    await page.keyboard.press('Control+i')
    const importing = page.getByRole('dialog', { name: 'Import users' })
    const buffer = Buffer.from(`username,group\n${users.slice(40, 55).join('\n')}\nnew,Night\n`)
    await importing.locator('input[type=file]').setInputFiles({ name: 'night.csv', mimeType: 'text/csv', buffer })
    await reach(page, importing.getByLabel('Disable who is missing from the file'))
    await page.keyboard.press('Space')
    await importing.getByText('Choose the group whose missing users are disabled.').waitFor()
    await reach(page, importing.getByRole('combobox', { name: 'Group whose missing users are disabled' }))
    await page.keyboard.press('ArrowDown')
    await pickOption(page, 'Night')
    await importing.getByText(/^5 users of .*Night.* would be disabled: .*u55.*u59/).waitFor()
    await expectAccessible(page, 'import with who is missing')
    await press(page, importing.getByRole('button', { name: 'Import 1, disable 5…' }))
    const asking = page.getByRole('dialog', { name: /^Disable 5 users of .*Night.*\?$/ })
    await asking.waitFor()
    await expectAccessible(page, 'the question of the import')
    await press(page, asking.getByRole('button', { name: 'Import, and disable 5 users' }))
    await importing.getByText(/^5 users of .* were not in the file and are disabled now/).waitFor()
    await expectAccessible(page, 'import done')
    expect(await count(run, '--state', 'disabled')).toBe(7)
    await page.keyboard.press('Escape')
    await importing.waitFor({ state: 'detached' })

    await page.evaluate(`location.hash = '#/users?group=Staff'`)
    await reach(page, rows.filter({ hasText: 'u00' }))
    for (const key of ['Space', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(key)
    await bar.getByText('3 selected').waitFor()
    await run('users', 'remove', 'u01', 'u02')
    await press(page, bar.getByRole('button', { name: 'Disable…' }))
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Disable 3 users' }))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await press(page, toast(page, '1 user disabled.').getByRole('button', { name: 'Show all' }))
    const missing = page.getByRole('dialog', { name: 'Left out' }).getByRole('table', { name: '2 users left out' })
    expect(await missing.getByRole('row').nth(2).innerText()).toMatch(/^u02\s+there is no such user$/)
    await expectAccessible(page, 'whom an act left out')
  })
})

const withCount = (act: string) => `${act} (20 users)`

async function openConsole(host: ConsoleHost) {
  const folder = createTestFolder()
  const run = (args: string[], input = '') => provision([...args, '--data', folder, '--quiet'], input)
  await run(['users', 'import', '-', '--create-groups'], `username,group\n${users.join('\n')}\n`)
  await run(['groups', 'add', 'Guests', '--no-mobile-client'])
  const opened = await host.open(folder)
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').first().waitFor()
  return { ...opened, run: (...args: string[]) => run(args) }
}

type Run = (...args: string[]) => Promise<string>

async function count(run: Run, ...selection: string[]): Promise<number> {
  const filter = selection[0] === '--all' ? [] : selection
  const listed = JSON.parse(await run('users', 'list', '--limit', '1000', '--json', ...filter)) as { users: unknown[] }
  return listed.users.length
}

async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await tabTo(page, target)
}

async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target)
  await page.keyboard.press('Enter')
}

/** An item of the bar's menu, which is looked at too where it is given a name. */
async function choose(page: Page, bar: Locator, item: string, what?: string): Promise<void> {
  await press(page, bar.getByRole('button', { name: 'More' }))
  const wanted = page.getByRole('menuitem', { name: item })
  await wanted.waitFor()
  // Until then a key goes to the button.
  await page.getByRole('menuitem').and(page.locator(':focus')).waitFor()
  if (what !== undefined) await expectAccessible(page, what)
  await arrowTo(page, wanted)
  await page.keyboard.press('Enter')
}

async function arrowTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 12; presses++) {
    if (await target.and(page.locator(':focus')).count()) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error('the arrow keys do not lead to the item')
}

/** Keys belong to a dialog until it has closed. */
async function undo(page: Page, done: string): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await toast(page, done).waitFor()
}

function toast(page: Page, text: string): Locator {
  return page
    .getByRole('alert')
    .filter({ hasText: new RegExp(text.replaceAll('.', '\\.').replace('Guests', '.?Guests.?')) })
}

/** Without the header. */
function recordsOf(csv: Buffer): string[] {
  return csv.toString('utf8').trim().split('\r\n').slice(1)
}
