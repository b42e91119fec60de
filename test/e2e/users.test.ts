import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision, type ConsoleHost } from './hosts.ts'
import { expectAccessible, tabTo } from './page.ts'

describe.each(consoleHosts)('the list of users in $name', (host) => {
  it.skipIf(host.missing !== null)('is put in order by mouse and by keyboard, and the address keeps it', async () => {
    const page = await openUsers(host)
    const header = (name: string) => page.getByRole('columnheader', { name, exact: true })
    const sortedBy = (name: string, order: string) => page.locator(`[aria-sort=${order}]`).and(header(name)).waitFor()

    await sortedBy('Username', 'ascending')
    expect(await usernames(page)).toEqual(['adam', 'berta', 'cleo', 'dora'])
    await header('Name').getByRole('button').click()
    await sortedBy('Name', 'ascending')
    await expectFirst(page, 'dora')
    expect(await usernames(page)).toEqual(['dora', 'cleo', 'berta', 'adam'])

    await tabTo(page, header('Name').getByRole('button'))
    await page.keyboard.press('Enter')
    await sortedBy('Name', 'descending')
    await expectFirst(page, 'adam')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press(' ')
    await sortedBy('Email', 'ascending')
    await expectFirst(page, 'cleo')
    await expectAccessible(page, 'the list in another order')

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Added' }).click()
    await page.keyboard.press('Escape')
    await header('Added').getByRole('button').click()
    await sortedBy('Added', 'descending')
    await expectFirst(page, 'dora')
    expect(new URL(page.url()).hash).toBe('#/users?sort=-createdAtMs')

    await page.getByRole('row', { name: /berta/ }).getByRole('checkbox').check({ force: true })
    await header('Name').getByRole('button').click()
    await sortedBy('Name', 'ascending')
    await page.getByText('1 selected').waitFor()
    await page.getByRole('button', { name: 'Clear the selection' }).click()
    await page.getByRole('row', { name: /cleo/ }).click()
    await page.getByRole('heading', { name: 'cleo' }).waitFor()
    await sortedBy('Name', 'ascending')
    await page.goBack()
    await page.goBack()
    await sortedBy('Added', 'descending')
    await expectFirst(page, 'dora')

    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Added' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Sorted by Added' }).click()
    await sortedBy('Username', 'ascending')
    await expectFirst(page, 'adam')
  })
})

async function openUsers(host: ConsoleHost): Promise<Page> {
  const folder = createTestFolder()
  const file = path.join(folder, 'users.csv')
  // Names and addresses are in other orders than the usernames, and the users are added in that of the last column.
  const users = ['adam,Zoe,b@example.com', 'berta,Yves,d@example.com', 'cleo,Xaver,a@example.com']
  writeFileSync(file, `username,name,email,group\n${users.map((user) => `${user},Staff`).join('\n')}\n`)
  await provision(['users', 'import', file, '--data', folder, '--quiet'])
  await provision(['users', 'add', 'dora', '--name', 'Wanda', '--email', 'c@example.com', '--data', folder, '--quiet'])
  const { page, close } = await host.open(folder)
  onTestFinished(close)
  await page.getByRole('link', { name: 'Users', exact: true }).click()
  await page.getByRole('row', { name: /adam/ }).waitFor()
  return page
}

const rows = (page: Page) => page.locator('[role=row][data-index]')

function expectFirst(page: Page, username: string): Promise<void> {
  return rows(page)
    .first()
    .and(page.getByRole('row', { name: new RegExp(username) }))
    .waitFor()
}

async function usernames(page: Page): Promise<string[]> {
  const cells = await rows(page).locator('[aria-colindex="2"]').allInnerTexts()
  return cells.map((text) => text.trim())
}
