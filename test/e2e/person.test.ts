import type { Locator, Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { provisionReferenceApp } from '../../src/main/diagnostics/reference-app.ts'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision, startPortal } from './hosts.ts'
import { expectAccessible, pickOption, tabTo } from './page.ts'
import { makePatient } from './patience.ts'

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))
const missing = host?.missing ?? null

describe.skipIf(!host || missing !== null)(`one user, in a browser${missing ? ` (${missing})` : ''}`, () => {
  it('is added and edited by keyboard alone, and by two windows at once without a loss', async () => {
    const { page, folder } = await open()
    await provision(['groups', 'add', 'Night shift', '--data', folder, '--quiet'])
    const shown = async (username: string) =>
      JSON.parse(await provision(['users', 'show', username, '--json', '--data', folder])) as object

    await page.keyboard.press('Control+u')
    const dialog = page.getByRole('dialog', { name: 'Add user' })
    await dialog.getByRole('textbox', { name: 'Username' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.type('j/doe')
    await page.keyboard.press('Enter')
    await dialog.getByText('Contains “/”.').waitFor()
    await expectAccessible(page, 'Add user')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Save the changes?' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Save the changes?' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+A')
    await page.keyboard.type('jdoe')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Jane Doe')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await drawer(page, 'jdoe').getByRole('heading', { name: 'jdoe' }).and(page.locator(':focus')).waitFor()

    const other = await openSecond(page)
    await edit(other, { Name: 'Jane Roe' })
    await edit(page, { Name: 'Jo Doe', Email: 'jo@example.com' })
    await expectAccessible(page, 'Edit user')
    await page.keyboard.press('Enter')
    await page.getByText(/jdoe.* is saved/).waitFor()

    await other.getByText(/^Changed .* by .*, to .*Jo Doe/).waitFor()
    expect(await other.getByRole('textbox', { name: 'Email' }).inputValue()).toBe('jo@example.com')
    await expectAccessible(other, 'Edit user, changed meanwhile')
    await tabTo(other, other.getByRole('button', { name: 'Keep mine: Name' }))
    await other.keyboard.press('Enter')
    await other.keyboard.press('Control+S')
    await other.getByText(/jdoe.* is saved/).waitFor()
    expect(await shown('jdoe')).toMatchObject({ name: 'Jane Roe', email: 'jo@example.com' })

    await edit(other, { Name: 'Mine' })
    await edit(page, { Name: 'Theirs', Username: 'jroe' })
    await page.keyboard.press('Control+S')
    await drawer(page, 'jroe').waitFor()
    await other.getByRole('button', { name: 'Take that: Name' }).click()
    expect(await other.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('jroe')
    await other.getByRole('textbox', { name: 'Phone' }).fill('+44 7700 900177')
    await other.keyboard.press('Control+S')
    await drawer(other, 'jroe').waitFor()
    expect(await shown('jroe')).toMatchObject({ name: 'Theirs', phone: '+44 7700 900177' })

    await edit(other, { Name: 'Not lost' })
    await command(page, 'remove user')
    await page.getByText(/jroe.* is removed/).waitFor()
    await other
      .getByRole('alert')
      .getByText(/^There is no user .*Removed .* by /)
      .waitFor()
    expect(await other.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Not lost')
    await page.keyboard.press('Control+Z')
    await other.getByText(/^There is no user/).waitFor({ state: 'detached' })
    await other.keyboard.press('Control+S')
    await other
      .getByText(/jroe.* is saved/)
      .last()
      .waitFor()
    expect(await shown('jroe')).toMatchObject({ name: 'Not lost' })
  })

  it('shows the app and takes it away, unlocks, disables and removes, and each can be reached by keyboard', async () => {
    const { page, folder } = await open()
    const portal = await startPortal(folder)
    onTestFinished(() => portal.stop())
    const { hostname, port } = new URL(portal.url)
    const changes = [`server.host=${hostname}`, `server.port=${port}`, 'server.usesSsl=false']
    const locks = ['policy.codes.wrongAttempts=1', 'policy.codes.firstLock=30m']
    await provision(['settings', 'set', ...changes, ...locks, '--data', folder, '--quiet'])
    await provision(['users', 'add', 'jdoe', '--data', folder, '--quiet'])
    const issue = async () => {
      const output = await provision(['codes', 'issue', 'jdoe', '--reveal', '--json', '--data', folder])
      return (JSON.parse(output) as { url: string }[])[0]?.url ?? ''
    }
    const url = await issue()
    expect(await provisionReferenceApp(`${url.slice(0, -4)}0000`)).toMatchObject({ ok: false })

    await page.evaluate(`location.hash = '#/users/jdoe'`)
    await page.getByText('an address that sent wrong codes has to wait').waitFor()
    await expectAccessible(page, 'a locked user')
    await tabTo(page, drawer(page, 'jdoe').getByRole('button', { name: 'Unlock' }))
    await page.keyboard.press('Enter')
    await page.getByText(/jdoe.* is unlocked/).waitFor()
    expect(await provisionReferenceApp(url)).toMatchObject({ ok: true })
    await drawer(page, 'jdoe')
      .getByText(new RegExp(`from .*${hostname}`))
      .first()
      .waitFor()
    await page.getByText('downloaded once').waitFor()
    await expectAccessible(page, 'a user with an app')

    await command(page, 'unprovision user')
    const question = page.getByRole('dialog', { name: /Take the app away from .*jdoe/ })
    await question.getByText('Error Downloading Security Strings').waitFor()
    // A message that fades out over the dialog is no part of it.
    await page.getByText(/jdoe.* is unlocked/).waitFor({ state: 'detached' })
    await expectAccessible(page, 'the question before unprovisioning')
    await question.getByRole('button', { name: 'Unprovision 1 app' }).click()
    await page.getByText('downloaded once').waitFor({ state: 'detached' })
    await question.waitFor({ state: 'detached' })

    await command(page, 'disable user')
    await page.getByText('Disabled: every attempt is refused.').waitFor()
    await page.keyboard.press('Control+Z')
    await page.getByText('Disabled: every attempt is refused.').waitFor({ state: 'detached' })

    await issue()
    await drawer(page, 'jdoe').getByText('A code is live and ends').waitFor()
    await tabTo(page, page.getByRole('button', { name: 'More for this user' }))
    await page.keyboard.press('Enter')
    await expectAccessible(page, 'the menu of a user')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const removal = page.getByRole('dialog', { name: /^Remove .*jdoe/ })
    await removal.getByText('the code stays withdrawn').waitFor()
    await removal.getByRole('button', { name: 'Remove 1 user' }).click()
    await drawer(page, 'jdoe').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await drawer(page, 'jdoe').waitFor()
  })

  it('never loses the focus, whether its acts are done by mouse or by keyboard, and whatever they take away', async () => {
    const { page, folder } = await open()
    await provision(['users', 'import', '-', '--data', folder, '--quiet'], 'username,group\nann,Staff\nbob,Staff\n')
    await provision(['codes', 'issue', '--all', '--yes', '--data', folder, '--quiet'])
    await page.evaluate(`location.hash = '#/users'`)
    const row = (username: string) => page.getByRole('row', { name: username })
    const more = page.getByRole('button', { name: 'More for this user' })
    const dialog = page.locator('[role=dialog][aria-modal=true]')
    const choose = {
      mouse: async (item: string) => {
        await more.click()
        await page.getByRole('menuitem', { name: item }).click()
      },
      keyboard: async (item: string) => {
        await more.waitFor()
        await tabTo(page, more)
        await page.keyboard.press('Enter')
        await page.getByRole('menuitem').and(page.locator(':focus')).waitFor()
        for (let presses = 0; presses < 8; presses++) {
          if (await page.getByRole('menuitem', { name: item }).and(page.locator(':focus')).count()) break
          await page.keyboard.press('ArrowDown')
        }
        await page.keyboard.press('Enter')
      }
    }
    const focused = (target: Locator) => target.and(page.locator(':focus')).waitFor()

    await row('ann').click()
    await more.waitFor()
    for (const how of ['mouse', 'keyboard'] as const) {
      for (const item of ['Disable', 'Remove']) {
        await choose[how](item)
        await focused(dialog.getByRole('button', { name: 'Cancel' }))
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        await focused(more)
        await choose[how](item)
        await focused(dialog.getByRole('button', { name: 'Cancel' }))
        if (how === 'mouse') await dialog.getByRole('button', { name: 'Cancel' }).click()
        else await page.keyboard.press('Enter')
        await dialog.waitFor({ state: 'detached' })
        await focused(more)
      }
    }
    await choose.keyboard('Disable')
    await focused(dialog.getByRole('button', { name: 'Cancel' }))
    await tabTo(page, dialog.getByRole('button', { name: 'Disable and withdraw 1 code' }))
    await page.keyboard.press('Enter')
    await focused(more)
    await tabTo(page, drawer(page, 'ann').getByRole('button', { name: 'Enable', exact: true }))
    await page.keyboard.press('Enter')
    await focused(page.getByRole('heading', { name: 'ann' }))

    for (const how of ['mouse', 'keyboard'] as const) {
      await choose[how]('Remove')
      await drawer(page, 'ann').waitFor({ state: 'detached' })
      await focused(row('bob'))
      const removed = page.getByRole('alert').filter({ hasText: /ann.* is removed/ })
      await removed.waitFor()
      if (how === 'mouse') await removed.getByRole('button', { name: 'Undo' }).click()
      else await page.keyboard.press('Control+z')
      await focused(page.getByRole('heading', { name: 'ann' }))
      await removed.waitFor({ state: 'detached' })
    }
    await page.keyboard.press('Escape')
    await focused(row('ann'))
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await focused(page.getByRole('heading', { name: 'bob' }))
    await choose.keyboard('Remove')
    await focused(dialog.getByRole('button', { name: 'Cancel' }))
    await tabTo(page, dialog.getByRole('button', { name: 'Remove 1 user' }))
    await page.keyboard.press('Enter')
    await focused(row('ann'))
    await expectAccessible(page, 'the list after a removal')
  })

  it('is diagnosed and unlocked by commands, which are gone while nobody is open', async () => {
    const { page, folder } = await open()
    await provision(['users', 'add', 'jdoe', '--data', folder, '--quiet'])
    await page.evaluate(`location.hash = '#/users/jdoe'`)
    await drawer(page, 'jdoe').getByRole('button', { name: 'Edit user' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('user')
    const offered = await page.getByRole('group', { name: 'This user' }).getByRole('option').allInnerTexts()
    expect(offered.map((text) => text.split('\n')[0])).toEqual([
      'Email a code to this user…',
      'Edit user',
      'Disable user',
      'Diagnose user',
      'Remove user'
    ])
    await page.keyboard.press('Escape')
    await command(page, 'diagnose user')
    await page.getByRole('heading', { name: 'Troubleshooting' }).waitFor()
    expect(new URL(page.url()).hash).toContain('user=jdoe')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('disable')
    await page.getByText('Nothing matches').waitFor()
  })

  it('goes to another group when its group is removed, and a group changed in two windows is told', async () => {
    const { page, folder } = await open()
    await provision(['groups', 'add', 'Night shift', '--data', folder, '--quiet'])
    for (const username of ['ann', 'bob']) {
      await provision(['users', 'add', username, '--group', 'Night shift', '--data', folder, '--quiet'])
    }
    await page.evaluate(`location.hash = '#/groups'`)
    const night = page.getByRole('row').filter({ hasText: 'Night shift' })
    await night.getByRole('link', { name: /^Show 2 users/ }).waitFor()
    await tabTo(page, night.getByRole('button', { name: /^Rename/ }))
    await page.keyboard.press('Enter')
    await page
      .getByLabel(/^New name of/)
      .and(page.locator(':focus'))
      .waitFor()
    await page.keyboard.type('Nights')
    await provision(['groups', 'set', 'Night shift', 'name=Late shift', '--data', folder, '--quiet'])
    await page.getByText(/^Somebody else has renamed it to .*Late shift/).waitFor()
    await page.keyboard.press('Enter')
    const nights = page.getByRole('row').filter({ hasText: 'Nights' })
    await nights.waitFor()

    await tabTo(page, nights.getByRole('button', { name: /^Remove/ }))
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: /^Remove .*Nights/ })
    const verb = dialog.getByRole('button', { name: 'Move 2 users and remove the group' })
    expect(await verb.isDisabled()).toBe(true)
    await dialog.getByRole('combobox').and(page.locator(':focus')).waitFor()
    await expectAccessible(page, 'where the users go')
    await page.keyboard.press('ArrowDown')
    await pickOption(page, 'Staff')
    await tabTo(page, verb)
    await page.keyboard.press('Enter')
    await page.getByText(/2 users are in .*Staff.* now/).waitFor()
    await nights.waitFor({ state: 'detached' })
    await expectAccessible(page, 'Groups')
    await page.evaluate(`location.hash = '#/users/ann'`)
    await drawer(page, 'ann')
      .getByText(/^User moved from group/)
      .waitFor()
  })
})

async function open(): Promise<{ page: Page; folder: string }> {
  if (!host) throw new Error('there is no browser host')
  const folder = createTestFolder()
  const opened = await host.open(folder)
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').waitFor()
  return { page: opened.page, folder }
}

/** Another window of the same session, at the same address. */
async function openSecond(page: Page): Promise<Page> {
  const context = await page
    .context()
    .browser()
    ?.newContext({ storageState: await page.context().storageState(), viewport: page.viewportSize() })
  if (!context) throw new Error('the browser is gone')
  const second = makePatient(await context.newPage())
  // A tab that is duplicated takes the storage of its tab along, with the secret by which it is signed in.
  const stored = JSON.stringify(await page.evaluate('({ ...sessionStorage })'))
  await second.addInitScript(
    `for (const [name, value] of Object.entries(${stored})) sessionStorage.setItem(name, value)`
  )
  await second.goto(page.url())
  return second
}

function drawer(page: Page, username: string): Locator {
  return page.getByRole('dialog', { name: username, exact: true })
}

/** Begins to edit the user who is open. */
async function edit(page: Page, fields: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: 'Edit user' }).waitFor()
  await page.keyboard.press('F2')
  for (const [name, value] of Object.entries(fields)) {
    await tabTo(page, page.getByRole('textbox', { name, exact: true }), 60)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(value)
  }
}

async function command(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(query)
  await page.keyboard.press('Enter')
}
