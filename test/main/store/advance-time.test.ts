import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceTime, type Reading, type TimeState } from '../../../src/main/store/advance-time.ts'
import { testStartMs as startMs } from '../../support/console.ts'
import { createTestMachine as createMachine, type TestMachine } from '../../support/test-machine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const unknown: TimeState = {
  latestMs: 0,
  offsetMs: 0,
  baseOffsetMs: 0,
  aheadSinceMs: null,
  machine: null,
  startedAtMs: 0
}

/** One program after another, or several at a time, that share what is stored. */
function createPrograms(machine: TestMachine) {
  const read = (): Reading => ({ clockMs: machine.nowMs(), uptime: machine.uptime() })
  let stored = advanceTime(unknown, read(), null).state
  const before = new Map<number, Reading>()
  return {
    stored: () => stored,
    nowMs(program: number, isWriting = true) {
      const reading = read()
      const { nowMs, state } = advanceTime(stored, reading, before.get(program) ?? null)
      before.set(program, reading)
      if (isWriting) stored = state
      return nowMs
    },
    end: (program: number) => void before.delete(program),
    endAll: () => before.clear()
  }
}

describe('the time of a folder', () => {
  it('goes on from where a clock that was ahead had brought it, in the same program and in later ones', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    machine.step(25 * hourMs)
    programs.nowMs(1)
    machine.step(-25 * hourMs)
    for (const program of [1, 2, 3]) {
      machine.elapse(100_000)
      expect(programs.nowMs(program) - machine.trueMs()).toBe(25 * hourMs)
      programs.end(program)
    }
    expect(programs.stored()).toMatchObject({ offsetMs: 25 * hourMs, aheadSinceMs: startMs + 100_000 })
  })

  it('goes on for a program that only reads', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    machine.step(-dayMs)
    const firstMs = programs.nowMs(1, false)
    machine.elapse(hourMs)
    expect(programs.nowMs(1, false)).toBe(firstMs + hourMs)
    expect(programs.nowMs(2, false)).toBe(firstMs + hourMs)
  })

  it('goes on while the machine sleeps, and follows a clock that is set forward', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    machine.step(-dayMs)
    const firstMs = programs.nowMs(1)
    // Its clock stood still meanwhile.
    machine.elapse(8 * hourMs)
    machine.step(-8 * hourMs)
    expect(programs.nowMs(1)).toBe(firstMs + 8 * hourMs)
    machine.step(hourMs)
    expect(programs.nowMs(1)).toBe(firstMs + 9 * hourMs)
  })

  it('adds what a restart with the clock behind has hidden, and goes on by the clock while nobody ran', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    programs.nowMs(1)
    machine.step(-dayMs)
    machine.reboot(hourMs)
    programs.endAll()
    const nowMs = programs.nowMs(1)
    expect(nowMs).toBe(startMs)
    machine.reboot(5 * hourMs)
    programs.endAll()
    expect(programs.nowMs(2)).toBe(nowMs + 5 * hourMs)
  })

  it('is the clock’s again where a machine starts with a wrong clock that is then corrected', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    machine.step(-56 * 365 * dayMs)
    machine.reboot(hourMs)
    programs.endAll()
    programs.nowMs(1)
    programs.nowMs(2)
    machine.elapse(20_000)
    expect(programs.nowMs(1)).toBe(startMs + 20_000)
    machine.step(56 * 365 * dayMs)
    expect(programs.nowMs(1)).toBe(machine.trueMs())
    expect(programs.nowMs(2)).toBe(machine.trueMs())
    expect(programs.nowMs(3)).toBe(machine.trueMs())
    expect(programs.stored()).toMatchObject({ offsetMs: 0, aheadSinceMs: null })
  })

  it('does not creep ahead where the clock trembles', () => {
    const machine = createMachine()
    const programs = createPrograms(machine)
    for (let turn = 0; turn < 1000; turn++) {
      machine.step(turn % 2 === 0 ? 60 : -60)
      machine.elapse(1000)
      programs.nowMs(turn % 3)
    }
    expect(programs.nowMs(0) - machine.trueMs()).toBeLessThanOrEqual(100)
  })

  it('never counts less than what has elapsed, nor runs back, whatever the clock does', () => {
    const stepMs = fc.oneof(
      fc.integer({ min: -200, max: 200 }),
      fc.integer({ min: -3 * dayMs, max: 3 * dayMs }),
      fc.integer({ min: -60 * 365 * dayMs, max: 60 * 365 * dayMs })
    )
    const event = fc.oneof(
      fc.record({ kind: fc.constant('elapse' as const), byMs: fc.integer({ min: 0, max: 2 * dayMs }) }),
      fc.record({ kind: fc.constant('step' as const), byMs: stepMs }),
      fc.record({ kind: fc.constant('tell' as const), program: fc.nat(2), isWriting: fc.boolean() }),
      fc.record({ kind: fc.constant('end' as const), program: fc.nat(2) })
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const machine = createMachine()
        const programs = createPrograms(machine)
        let last = { trueMs: machine.trueMs(), nowMs: programs.nowMs(0) }
        for (const one of events) {
          if (one.kind === 'elapse') machine.elapse(one.byMs)
          else if (one.kind === 'step') machine.step(one.byMs)
          else if (one.kind === 'end') programs.end(one.program)
          else {
            const nowMs = programs.nowMs(one.program, one.isWriting)
            expect(nowMs - last.nowMs).toBeGreaterThanOrEqual(machine.trueMs() - last.trueMs)
            // What a look alone has seen is no one else's to know.
            if (one.isWriting) last = { trueMs: machine.trueMs(), nowMs }
          }
        }
      }),
      { numRuns: 2000 }
    )
  })

  it('never takes less than the clock says after a restart of the machine', () => {
    const event = fc.record({
      offMs: fc.integer({ min: 0, max: 3 * dayMs }),
      stepMs: fc.integer({ min: 0, max: 3 * dayMs }),
      backMs: fc.integer({ min: 0, max: 3 * dayMs })
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const machine = createMachine()
        const programs = createPrograms(machine)
        for (const { offMs, stepMs, backMs } of events) {
          const beforeMs = programs.nowMs(0)
          machine.reboot(offMs)
          machine.step(stepMs)
          programs.endAll()
          expect(programs.nowMs(0) - beforeMs).toBeGreaterThanOrEqual(offMs)
          machine.step(-backMs)
        }
      })
    )
  })
})
