import { describe, it } from 'vitest'
import { listStock } from '../../src/main/sheets/stock.ts'
import { expectTruePages } from '../support/sheet-pages.ts'

describe('every part of the label stock', () => {
  it.each(listStock().map(({ part }) => part))('%s is true at 300 and at 600 dots an inch', async (part) => {
    await expectTruePages(part, 300)
    await expectTruePages(part, 600)
  })
})
