import { describe, expect, it } from 'vitest'
import { guardLeaving, isLeavingGuarded, leave } from '../../src/renderer/leaving.ts'

describe('leaving', () => {
  it('happens at once where nobody minds', () => {
    const gone: string[] = []
    leave(() => gone.push('gone'))
    expect(gone).toEqual(['gone'])
  })

  it('waits for whoever was asked, and for each of them', () => {
    const gone: string[] = []
    const answers: (() => void)[] = []
    const ends = [guardLeaving((go) => answers.push(go)), guardLeaving((go) => answers.push(go))]
    leave(() => gone.push('gone'))
    expect([answers.length, gone]).toEqual([1, []])
    answers[0]?.()
    expect([answers.length, gone]).toEqual([2, []])
    answers[1]?.()
    expect(gone).toEqual(['gone'])
    for (const end of ends) end()
    expect(isLeavingGuarded()).toBe(false)
  })

  it('does not happen where it is refused', () => {
    const gone: string[] = []
    const end = guardLeaving(() => undefined)
    expect(isLeavingGuarded()).toBe(true)
    leave(() => gone.push('gone'))
    end()
    expect(gone).toEqual([])
  })
})
