import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AppState, CodeState } from '../../../src/shared/user.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

/** The states of one user as the design tells them, without a database. */
interface ModelUser {
  isRemoved: boolean
  isDisabled: boolean
  app: AppState
  code: CodeState
  live: { text: string; expiresAtMs: number } | null
  /** Codes that have ended, whichever way. */
  ended: string[]
  appId: string | null
  oldIds: string[]
  wrong: number
  locks: number
  lockedUntilMs: number
  triedAtMs: number
  undo: string | null
}

interface Model {
  /** Goes on with what elapses: a clock set back takes nothing back. */
  nowMs: number
  users: Record<string, ModelUser>
}

interface Real {
  console: TestConsole
}

const names = ['ann', 'bob'] as const
type Name = (typeof names)[number]
const address = '192.0.2.1'
const dayMs = 86_400_000

function userOf(model: Model, name: Name): ModelUser {
  const user = model.users[name]
  if (!user) throw new Error(`no ${name} in the model`)
  expireAt(user, model.nowMs)
  return user
}

function expireAt(user: ModelUser, nowMs: number): void {
  if (user.live && user.live.expiresAtMs <= nowMs) end(user, 'expired')
}

function end(user: ModelUser, as: CodeState): void {
  if (!user.live) return
  user.ended.push(user.live.text)
  user.live = null
  user.code = as
}

function unlock(user: ModelUser): void {
  Object.assign(user, { wrong: 0, locks: 0, lockedUntilMs: 0 })
}

function charge(user: ModelUser, nowMs: number): void {
  if (user.triedAtMs < nowMs - dayMs) unlock(user)
  user.triedAtMs = nowMs
  user.wrong += 1
  if (user.wrong < 5) return
  user.lockedUntilMs = nowMs + Math.min(3_600_000, 30_000 * 2 ** user.locks)
  user.wrong = 0
  user.locks += 1
}

function voidApp(user: ModelUser): void {
  if (user.appId !== null) user.oldIds.push(user.appId)
  user.appId = null
  user.app = 'none'
}

async function compare(model: Model, { console }: Real): Promise<void> {
  for (const name of names) {
    const user = userOf(model, name)
    const listed = (await console.call('users:list', { filter: { username: name } })).users[0]
    if (user.isRemoved) {
      expect([name, listed]).toEqual([name, undefined])
      continue
    }
    expect([name, listed]).toEqual([
      name,
      expect.objectContaining({
        disabled: user.isDisabled,
        app: user.app,
        code: user.code,
        lockedUntilMs: user.lockedUntilMs > model.nowMs ? user.lockedUntilMs : null
      })
    ])
  }
}

function agree(real: boolean, model: boolean): void {
  expect(real).toBe(model)
}

type Step = fc.AsyncCommand<Model, Real>

/** A step on one user, and what the model makes of it. */
function step(label: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => Promise<void>): Step {
  return {
    check,
    async run(model, real) {
      await run(model, real)
      await compare(model, real)
    },
    toString: () => label
  }
}

const selection = (name: Name) => ({ selection: { usernames: [name] } })

async function attempt(model: Model, { console }: Real, name: Name, typed: string): Promise<void> {
  const outcome = await console.portal.provisioning.provision({ username: name, code: typed, address })
  const user = userOf(model, name)
  const isLocked = user.lockedUntilMs > model.nowMs
  if (!isLocked && !user.isRemoved && !user.isDisabled && user.live?.text === typed) {
    expect(outcome).toHaveProperty('id')
    voidApp(user)
    end(user, 'used')
    user.app = 'set-up'
    user.appId = 'id' in outcome ? outcome.id : null
    unlock(user)
    return
  }
  expect(outcome).toHaveProperty('error')
  if (!isLocked) charge(user, model.nowMs)
}

const steps: fc.Arbitrary<Step>[] = names.flatMap((name) => {
  const exists = (model: Model) => !userOf(model, name).isRemoved
  return [
    fc.constantFrom(60_000, 3_600_000, 7 * dayMs).map((validForMs) =>
      step(`issue ${name} ${validForMs}`, exists, async (model, { console }) => {
        const { issued } = await console.call('codes:issue', { ...selection(name), reveal: true, validForMs })
        const user = userOf(model, name)
        const text = issued[0]?.code
        agree(text !== undefined, !user.isDisabled)
        if (text === undefined) return
        end(user, 'superseded')
        user.live = { text, expiresAtMs: model.nowMs + validForMs }
        user.code = 'live'
        unlock(user)
      })
    ),
    fc.constant(
      step(
        `right code ${name}`,
        (model) => userOf(model, name).live !== null,
        (model, real) => attempt(model, real, name, userOf(model, name).live?.text ?? '')
      )
    ),
    fc.nat(5).map((index) =>
      step(
        `old code ${name} ${index}`,
        (model) => userOf(model, name).ended.length > index,
        (model, real) => attempt(model, real, name, userOf(model, name).ended.at(-1 - index) ?? '')
      )
    ),
    fc.constantFrom(1, 5, 5).map((times) =>
      step(
        `${times} wrong codes ${name}`,
        () => true,
        async (model, real) => {
          for (let time = 0; time < times; time++) await attempt(model, real, name, 'ZZZZZZZZZZ')
        }
      )
    ),
    fc.constant(
      step(`withdraw ${name}`, exists, async (model, { console }) => {
        await console.call('codes:withdraw', selection(name))
        end(userOf(model, name), 'withdrawn')
      })
    ),
    fc.constant(
      step(`disable ${name}`, exists, async (model, { console }) => {
        await console.call('users:disable', selection(name))
        const user = userOf(model, name)
        end(user, 'withdrawn')
        user.isDisabled = true
      })
    ),
    fc.constant(
      step(`enable ${name}`, exists, async (model, { console }) => {
        await console.call('users:enable', selection(name))
        userOf(model, name).isDisabled = false
      })
    ),
    fc.constant(
      step(`remove ${name}`, exists, async (model, { console }) => {
        const user = userOf(model, name)
        user.undo = (await console.call('users:remove', selection(name))).undo
        end(user, 'withdrawn')
        voidApp(user)
        user.isRemoved = true
      })
    ),
    fc.constant(
      step(
        `undo the removal of ${name}`,
        (model) => userOf(model, name).isRemoved && userOf(model, name).undo !== null,
        async (model, { console }) => {
          const user = userOf(model, name)
          await console.call('users:undo', { undo: user.undo ?? '' })
          user.isRemoved = false
          user.undo = null
        }
      )
    ),
    fc.constant(
      step(`unprovision ${name}`, exists, async (model, { console }) => {
        await console.call('users:unprovision', selection(name))
        voidApp(userOf(model, name))
      })
    ),
    fc.constant(
      step(`unlock ${name}`, exists, async (model, { console }) => {
        await console.call('users:unlock', selection(name))
        unlock(userOf(model, name))
      })
    ),
    fc.boolean().map((isOld) =>
      step(
        `download strings ${name}${isOld ? ' by an old Id' : ''}`,
        (model) => (isOld ? userOf(model, name).oldIds.length > 0 : userOf(model, name).appId !== null),
        async (model, { console }) => {
          const user = userOf(model, name)
          const id = (isOld ? user.oldIds.at(-1) : user.appId) ?? ''
          const outcome = await console.portal.provisioning.downloadSecurityStrings({ id, address })
          const isGood = !isOld && !user.isDisabled
          agree('securityStrings' in outcome, isGood)
          if (isGood) user.app = 'provisioned'
        }
      )
    )
  ]
})

const timeSteps: fc.Arbitrary<Step>[] = [
  fc.constantFrom(1000, 31_000, 61_000, 3_700_000, 2 * dayMs).map((byMs) =>
    step(
      `wait ${byMs}`,
      () => true,
      async (model, { console }) => {
        console.clock.advance(byMs)
        model.nowMs += byMs
        // Only what writes remembers the time.
        await console.call('settings:set', { changes: {} })
        for (const name of names) userOf(model, name)
      }
    )
  ),
  fc.constantFrom(60_000, dayMs).map((byMs) =>
    step(
      `set the clock back by ${byMs}`,
      () => true,
      async (_model, { console }) => {
        console.clock.advance(-byMs)
        // Here no uptime tells what elapses until the clock is first found behind.
        await console.call('settings:set', { changes: {} })
      }
    )
  ),
  fc.constant(
    step(
      'restart',
      () => true,
      async (model, real) => {
        await real.console.close()
        real.console = await openTestConsole({ folder: real.console.folder, clock: real.console.clock })
        // A removal is undone within the session or not at all.
        for (const name of names) userOf(model, name).undo = null
      }
    )
  )
]

describe('a user’s app and code', () => {
  it('are in the states of the model after any steps in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands([...steps, ...steps, ...timeSteps], { maxCommands: 40, size: 'max' }),
        async (commands) => {
          const setup = async () => {
            const console = await openTestConsole()
            await console.call('users:import', { content: Buffer.from(['username', ...names].join('\n')) })
            await console.call('settings:set', { changes: { 'policy.codes.perAddressPerMinute': 0 } })
            const nowMs = console.clock.nowMs()
            const user = (): ModelUser => ({
              isRemoved: false,
              isDisabled: false,
              app: 'none',
              code: 'none',
              live: null,
              ended: [],
              appId: null,
              oldIds: [],
              wrong: 0,
              locks: 0,
              lockedUntilMs: 0,
              triedAtMs: 0,
              undo: null
            })
            return { model: { nowMs, users: { ann: user(), bob: user() } }, real: { console } }
          }
          let used: Real | undefined
          await fc.asyncModelRun(async () => {
            const made = await setup()
            used = made.real
            return made
          }, commands)
          if (!used) return
          expect((await used.console.call('log:verify', {})).brokenRow).toBeNull()
          await used.console.close()
        }
      ),
      { numRuns: Number(process.env['PROVISION_MODEL_RUNS'] ?? 40) }
    )
  })
})
