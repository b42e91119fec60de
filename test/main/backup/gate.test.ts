import { describe, expect, it } from 'vitest'
import { createGate } from '../../../src/main/backup/gate.ts'
import { refusalCode } from '../../support/refusal.ts'

/** Work that ends when it is told to. */
function createWork(said: string[], name: string) {
  const { promise, resolve: end } = Promise.withResolvers<void>()
  const work = async () => {
    said.push(`${name} begins`)
    await promise
    said.push(`${name} ends`)
    return name
  }
  return { work, end }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 60))

describe('a gate', () => {
  it('is shut only when all that passed has ended, and keeps the rest waiting', async () => {
    const gate = createGate()
    const said: string[] = []
    const [first, exchange, later] = ['first', 'exchange', 'later'].map((name) => createWork(said, name))
    if (!first || !exchange || !later) throw new Error('three were made')
    const done = [gate.pass(first.work), gate.whileShut(exchange.work), gate.pass(later.work)]
    await soon()
    expect(said).toEqual(['first begins'])
    first.end()
    await soon()
    expect(said).toEqual(['first begins', 'first ends', 'exchange begins'])
    expect(await refusalCode(() => gate.whileShut(async () => {}))).toBe('database-busy')
    exchange.end()
    later.end()
    expect(await Promise.all(done)).toEqual(['first', 'exchange', 'later'])
    expect(said.slice(3)).toEqual(['exchange ends', 'later begins', 'later ends'])
  })

  it('opens again after a failure, and where something goes on for too long', async () => {
    const gate = createGate(100)
    const failing = gate.whileShut(() => Promise.reject(new Error('failed')))
    await expect(failing).rejects.toThrow('failed')
    const { work, end } = createWork([], 'long')
    const long = gate.pass(work)
    expect(await refusalCode(() => gate.whileShut(async () => {}))).toBe('database-busy')
    expect(await gate.pass(async () => 'through')).toBe('through')
    end()
    await long
    expect(await gate.whileShut(async () => 'shut')).toBe('shut')
  })
})
