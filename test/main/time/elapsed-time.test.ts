import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/shared/audit.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { createTestMachine } from '../../support/test-machine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

type Step =
  | { kind: 'elapse' | 'step' | 'sleep'; byMs: number }
  | { kind: 'restart' | 'look'; program: number }
  | { kind: 'issue'; program: number; validForMs: number }
  | { kind: 'right'; program: number }
  | { kind: 'wrong'; program: number }

const program = fc.nat(1)
const steps: fc.Arbitrary<Step>[] = [
  fc.record({
    kind: fc.constantFrom('elapse' as const, 'sleep' as const),
    byMs: fc.constantFrom(1000, 29_000, 31_000, 61_000, hourMs, 8 * hourMs)
  }),
  fc.record({
    kind: fc.constant('step' as const),
    byMs: fc.oneof(
      fc.constantFrom(-25 * hourMs, 25 * hourMs, -60_000, 60_000, -999, 999, -56 * 365 * dayMs, 56 * 365 * dayMs),
      fc.integer({ min: -2 * dayMs, max: 2 * dayMs })
    )
  }),
  fc.record({ kind: fc.constantFrom('restart' as const, 'look' as const), program }),
  fc.record({
    kind: fc.constant('issue' as const),
    program,
    validForMs: fc.constantFrom(60_000, 2 * hourMs, 30 * dayMs)
  }),
  fc.record({ kind: fc.constant('right' as const), program }),
  fc.record({ kind: fc.constant('wrong' as const), program })
]

async function lastEntry(console: TestConsole): Promise<AuditEntry | undefined> {
  return (await console.call('log:list', { limit: 1 })).entries[0]
}

describe('whatever the clock does', () => {
  it('no code passes later than its validity has elapsed, and no lock lasts longer than its time', async () => {
    const seen = { passed: 0, late: 0, locked: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...steps), { minLength: 15, maxLength: 40 }), async (chosen) => {
        const machine = createTestMachine()
        const first = await openTestConsole({ clock: machine })
        const open = () => openTestConsole({ clock: machine, folder: first.folder })
        const programs = [first, await open()] as [TestConsole, TestConsole]
        const at = (index: number) => programs[index === 0 ? 0 : 1]
        await first.call('users:add', { username: 'ann', group: 'Staff' })
        let code: { text: string; untilMs: number } | null = null
        let lockedUntilMs = 0
        const attempt = async (index: number, typed: string) => {
          const outcome = await at(index).portal.provisioning.provision({
            username: 'ann',
            code: typed,
            address: '192.0.2.1'
          })
          const entry = await lastEntry(at(index))
          const { refusal, lockedUntilMs: endMs } = entry?.detail ?? {}
          if (refusal === 'locked') {
            seen.locked += 1
            expect(machine.trueMs()).toBeLessThan(lockedUntilMs)
          } else if (typeof endMs === 'number') lockedUntilMs = machine.trueMs() + endMs - (entry?.atMs ?? 0)
          return 'id' in outcome
        }
        for (const step of chosen) {
          if (step.kind === 'elapse') machine.elapse(step.byMs)
          else if (step.kind === 'step') machine.step(step.byMs)
          else if (step.kind === 'sleep') {
            machine.elapse(step.byMs)
            machine.step(-step.byMs)
          } else if (step.kind === 'look') await at(step.program).call('status:get', {})
          else if (step.kind === 'restart') {
            await at(step.program).close()
            programs[step.program === 0 ? 0 : 1] = await open()
          } else if (step.kind === 'issue') {
            const { issued } = await at(step.program).call('codes:issue', {
              selection: { usernames: ['ann'] },
              validForMs: step.validForMs,
              reveal: true
            })
            code = { text: issued[0]?.code ?? '', untilMs: machine.trueMs() + step.validForMs }
            lockedUntilMs = 0
          } else if (step.kind === 'wrong') {
            for (let time = 0; time < 5; time++) await attempt(step.program, 'ZZZZZZZZZZ')
          } else if (step.kind === 'right' && code) {
            const isLate = machine.trueMs() >= code.untilMs
            const hasPassed = await attempt(step.program, code.text)
            if (isLate) expect(hasPassed).toBe(false)
            seen.late += Number(isLate)
            seen.passed += Number(hasPassed)
            if (hasPassed) code = null
          }
        }
        expect((await at(0).call('log:verify', {})).brokenRow).toBeNull()
        for (const one of programs) await one.close()
      }),
      { numRuns: Number(process.env['PROVISION_MODEL_RUNS'] ?? 40) }
    )
    // Or the model would have shown nothing.
    expect(Math.min(seen.passed, seen.late, seen.locked)).toBeGreaterThan(0)
  })
})
