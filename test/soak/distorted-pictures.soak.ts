import { expect, it } from 'vitest'
import { readDistorted } from '../main/diagnostics/distorted.ts'

it('reads at least 250 of 300 distorted pictures of QR codes, and none wrongly', async () => {
  const { read, wrong } = await readDistorted(300)
  console.log(`${read} of 300 distorted pictures were read`)
  expect(wrong).toBe(0)
  expect(read).toBeGreaterThanOrEqual(250)
})
