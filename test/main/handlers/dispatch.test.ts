import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDispatch, type Caller, type Handlers } from '../../../src/main/handlers/dispatch.ts'
import { AppError, errorData } from '../../../src/shared/errors.ts'
import { contract, type CallName } from '../../../src/shared/contract.ts'
import { createTestLog, openTestConsole } from '../../support/console.ts'
import { sampleInputs } from '../../support/sample-calls.ts'

const callNames = Object.keys(contract) as CallName[]
const administrator: Caller = { role: 'administrator', actor: 'tester' }
const helpdesk: Caller = { role: 'helpdesk', actor: 'tester' }

/** A dispatch whose `version:get` does this, and what it logged and told as done. */
function createDispatchOver(act: () => unknown) {
  const log = createTestLog()
  const done: CallName[] = []
  const handlers = { 'version:get': act } as unknown as Handlers
  return { dispatch: createDispatch(handlers, log, (name) => void done.push(name)), log, done }
}

describe('a call', () => {
  it.each<[name: unknown]>([
    [''],
    ['users'],
    ['users:'],
    ['users:destroy'],
    ['Users:list'],
    ['users:list '],
    ['__proto__'],
    ['constructor'],
    ['toString'],
    ['hasOwnProperty'],
    [null],
    [undefined],
    [0],
    [1],
    [Number.NaN],
    [true],
    [Symbol('users:list')],
    [['users:list']],
    [{}],
    [{ toString: () => 'users:list' }],
    [() => 'users:list']
  ])('named %o is refused as unknown', async (name) => {
    const { dispatch, log } = await openTestConsole()
    const result = await dispatch(name, {}, administrator)
    expect(result).toEqual({ ok: false, error: { code: 'unknown-call', message: 'There is no such call.' } })
    expect(log.lines).toEqual([])
  })

  it('that needs an administrator is refused to helpdesk, before its input is looked at', async () => {
    const { dispatch } = await openTestConsole()
    const refused: string[] = []
    for (const name of callNames) {
      for (const input of [sampleInputs[name], undefined, 'nonsense']) {
        const result = await dispatch(name, input, helpdesk)
        const isForbidden = !result.ok && result.error.code === 'forbidden'
        expect([name, isForbidden]).toEqual([name, contract[name].roles.length === 0])
        if (isForbidden) refused.push(name)
      }
    }
    expect(new Set(refused)).toContain('settings:set')
    expect(new Set(refused)).toContain('key:add')
    const { ok } = await dispatch('groups:add', { name: 'Guests' }, helpdesk)
    expect(ok).toBe(false)
    expect(await dispatch('groups:list', {}, helpdesk)).toMatchObject({ ok: true, value: [{ name: 'Staff' }] })
  })

  it('is refused to a role that is none', async () => {
    const { dispatch } = await openTestConsole()
    for (const role of ['', 'root', 'Administrator', '__proto__', undefined, null, 2]) {
      const result = await dispatch('users:list', {}, { actor: 'tester', role } as unknown as Caller)
      expect(result).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    }
  })

  it('with a wrong input is refused with a reason for each field', async () => {
    const { dispatch } = await openTestConsole()
    const result = await dispatch('users:set', { username: 7, change: { name: 7 }, revision: 1.5 }, administrator)
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    const details = (result as { error: { details: object } }).error.details
    expect(Object.keys(details).toSorted()).toEqual(['change.name', 'revision', 'username'])
  })

  it('answers in plain data that crosses a process boundary whole', async () => {
    const { dispatch } = await openTestConsole()
    for (const name of callNames) {
      const result = await dispatch(name, sampleInputs[name], administrator)
      expect(structuredClone(result)).toEqual(result)
      if (!result.ok) {
        expect(Object.getPrototypeOf(result.error)).toBe(Object.prototype)
        expect(errorData.parse(result.error)).toEqual(result.error)
      }
    }
  })
})

describe('what goes wrong', () => {
  it('as expected is said with its code, words and details', async () => {
    const { dispatch, log, done } = createDispatchOver(() => {
      throw new AppError('user-exists', 'There is one.', { username: 'taken' })
    })
    expect(await dispatch('version:get', {}, administrator)).toEqual({
      ok: false,
      error: { code: 'user-exists', message: 'There is one.', details: { username: 'taken' } }
    })
    expect([log.lines, done]).toEqual([[], []])
  })

  it.each<[what: string, thrown: unknown]>([
    ['an error', new TypeError('secret /var/lib is not a function')],
    ['a text', 'secret'],
    ['nothing', undefined],
    ['an object like a refusal', { code: 'user-exists', message: 'secret' }]
  ])('unexpectedly, %s, is logged and told as internal without a word of it', async (_what, thrown) => {
    for (const act of [
      () => {
        throw thrown
      },
      () => Promise.reject(thrown)
    ]) {
      const { dispatch, log, done } = createDispatchOver(act)
      const result = await dispatch('version:get', {}, administrator)
      expect(result).toEqual({
        ok: false,
        error: { code: 'internal', message: expect.stringContaining('its log has the details') as string }
      })
      expect(JSON.stringify(result)).not.toMatch(/secret|\bat /)
      expect(log.lines).toHaveLength(1)
      expect(log.lines[0]).toContain('error Unexpected failure in version:get.')
      expect(done).toEqual([])
    }
  })
})

describe('inputs from outside', () => {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      '\0',
      '\ud800',
      '__proto__',
      1e308,
      -1,
      0.5,
      Number.NaN,
      Infinity,
      2 ** 53,
      true,
      [],
      {},
      [[]]
    ),
    fc.constantFrom<unknown>(
      'x'.repeat(5000),
      new Date(0),
      new Map(),
      new Uint8Array(3),
      Buffer.from('username\nann'),
      7n
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.jsonValue({ maxDepth: 3 }),
    fc.anything({
      maxDepth: 2,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true
    })
  )

  /** The sample with one of its parts, at any depth, put in another's place. */
  function withOddPart(sample: unknown): fc.Arbitrary<unknown> {
    if (typeof sample !== 'object' || sample === null || sample instanceof Uint8Array) return odd
    const keys = Object.keys(sample)
    const inside = keys.map((key) =>
      withOddPart((sample as Record<string, unknown>)[key]).map((part) =>
        Array.isArray(sample) ? sample.with(Number(key), part) : { ...sample, [key]: part }
      )
    )
    return fc.oneof(
      odd,
      ...inside,
      fc.tuple(fc.string(), odd).map(([key, part]) => ({ ...sample, [key]: part }))
    )
  }

  it.each(callNames)('whatever they are, end %s in an answer or a refusal', async (name) => {
    const { dispatch, log, call } = await openTestConsole()
    await call('users:add', sampleInputs['users:add'])
    await call('groups:add', sampleInputs['groups:add'])
    await fc.assert(
      fc.asyncProperty(withOddPart(sampleInputs[name]), async (input) => {
        const result = await dispatch(name, input, administrator)
        if (!result.ok) expect(result.error.code).not.toBe('internal')
      }),
      { numRuns: 40 }
    )
    expect(log.lines).toEqual([])
    expect(await dispatch('status:get', {}, administrator)).toMatchObject({ ok: true })
  })
})
