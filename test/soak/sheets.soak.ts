import { describe, expect, it } from 'vitest'
import { listStock } from '../../src/main/sheets/stock.ts'
import { killWhileMaking, openSheetFolder } from '../support/sheet-kills.ts'
import { expectTruePages } from '../support/sheet-pages.ts'

describe('every part of the label stock', () => {
  it.each(listStock().map(({ part }) => part))('%s is true at 300 and at 600 dots an inch', async (part) => {
    await expectTruePages(part, 300)
    await expectTruePages(part, 600)
  })
})

describe('the making of a sheet of 1,200 labels', () => {
  it('killed at twenty moments leaves no live code, and then makes it whole', async () => {
    const users = 1200
    const cli = await openSheetFolder(users)
    for (let kill = 0; kill < 20; kill++) {
      // The first half while pages are drawn and read back, the others once all codes are issued.
      const moment = kill < 10 ? { issued: 0, thenMs: kill * 300 } : { issued: users, thenMs: (kill - 10) * 20 }
      await killWhileMaking(cli, moment)
    }
    const out = `${cli.folder}/whole.pdf`
    const made = await cli.json(['sheets', 'make', '--all', '--yes', '--stock', 'L7159', '--out', out])
    expect(made).toMatchObject({ state: 'made', labels: users, pages: 50, codes: { live: users } })
  })
})
