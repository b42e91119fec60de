import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../src/main/system/clock.ts'

describe('the random bytes of the system', () => {
  it('are as many as asked for, and never the same twice', () => {
    const given = [0, 1, 12, 16, 32, 64, 65, 5000].map((length) => [length, systemRandom.bytes(length).length])
    expect(given.map(([asked, got]) => asked === got)).not.toContain(false)
    const seen = Array.from({ length: 3000 }, () => systemRandom.bytes(16).toString('hex'))
    expect(new Set(seen).size).toBe(3000)
  })

  it('stay as they were handed out', () => {
    const first = systemRandom.bytes(32)
    const text = first.toString('hex')
    for (let i = 0; i < 500; i++) systemRandom.bytes(32).fill(7)
    expect(first.toString('hex')).toBe(text)
  })

  it('use each bit', () => {
    const ones = Array.from({ length: 16 * 8 }, () => 0)
    for (let draw = 0; draw < 2000; draw++) {
      for (const [at, byte] of systemRandom.bytes(16).entries()) {
        for (let bit = 0; bit < 8; bit++) ones[at * 8 + bit] = (ones[at * 8 + bit] ?? 0) + ((byte >> bit) & 1)
      }
    }
    // 2,000 throws of a coin lie within 1,000 ± 250 but for one time in 10 to the 28th.
    for (const count of ones) expect(Math.abs(count - 1000)).toBeLessThan(250)
  })
})
