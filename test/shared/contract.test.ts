import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { limitedRoles } from '../../src/shared/calls/call.ts'
import { contract, isCallName, shapeOf, type CallName } from '../../src/shared/contract.ts'
import { topics } from '../../src/shared/events.ts'
import { sampleInputs } from '../support/sample-calls.ts'

const calls = Object.entries(contract) as [CallName, (typeof contract)[CallName]][]

describe('the contract', () => {
  it('names its calls noun:verb, and says of each who may make it, on what, and what it changes', () => {
    for (const [name] of calls) {
      const { roles, scope, effect } = shapeOf(name)
      expect(name).toMatch(/^[a-z]+:[a-zA-Z]+$/)
      for (const role of roles) expect([name, limitedRoles]).toEqual([name, expect.arrayContaining([role])])
      expect([name, ['groups', 'server']]).toEqual([name, expect.arrayContaining([scope])])
      if (effect === 'none') continue
      expect([name, effect.length]).not.toEqual([name, 0])
      expect([name, new Set(effect).size]).toEqual([name, effect.length])
      expect([name, topics]).toEqual([name, expect.arrayContaining([...effect])])
    }
  })

  it('has a file a noun, with all calls of that noun and no others', async () => {
    const files = readdirSync('src/shared/calls').filter((file) => file !== 'call.ts')
    const declared: string[] = []
    for (const file of files) {
      const noun = file.replace('.ts', '')
      const parts = Object.values((await import(`../../src/shared/calls/${noun}.ts`)) as Record<string, object>)
      const names = parts.flatMap((part) => Object.keys(part))
      expect([noun, names.filter((name) => !name.startsWith(`${noun}:`))]).toEqual([noun, []])
      declared.push(...names)
    }
    expect(declared.toSorted()).toEqual(calls.map(([name]) => name).toSorted())
  })

  it('lets helpdesk read users and hand out codes, and nothing that changes the server', () => {
    const helpdesk = calls.filter(([, { roles }]) => roles.length > 0).map(([name]) => name)
    expect(helpdesk.toSorted()).toEqual([
      'codes:issue',
      'codes:issueFile',
      'codes:list',
      'codes:reveal',
      'codes:withdraw',
      'diagnostics:bePhone',
      'diagnostics:checkUser',
      'diagnostics:explain',
      'diagnostics:readPicture',
      'diagnostics:testLink',
      'groups:list',
      'links:create',
      'log:list',
      'log:verify',
      'mail:askOwnAddress',
      'mail:checkLinks',
      'mail:confirmOwnAddress',
      'mail:ownAddress',
      'mail:plan',
      'mail:planned',
      'mail:preview',
      'mail:send',
      'mail:toMe',
      'outbox:batches',
      'outbox:cancel',
      'outbox:messages',
      'outbox:pause',
      'outbox:resume',
      'outbox:retry',
      'outbox:summary',
      'portal:get',
      'portal:requests',
      'qr:decode',
      'qr:issue',
      'settings:list',
      'sheets:keep',
      'sheets:letter',
      'sheets:list',
      'sheets:make',
      'sheets:plan',
      'sheets:reissue',
      'sheets:show',
      'sheets:stock',
      'sheets:testPage',
      'sheets:withdraw',
      'status:figures',
      'status:get',
      'status:todo',
      'tasks:cancel',
      'templates:get',
      'templates:list',
      'templates:validate',
      'time:get',
      'transports:list',
      'users:count',
      'users:list',
      'users:show',
      'users:unlock',
      'version:get'
    ])
  })

  it('takes the sample of each call, and no other kind of thing in its place', () => {
    for (const [name, { input }] of calls) {
      expect([name, input.safeParse(sampleInputs[name]).success]).toEqual([name, true])
      for (const wrong of [undefined, null, 'text', 7, [], true]) {
        expect([name, wrong, input.safeParse(wrong).success]).toEqual([name, wrong, false])
      }
    }
  })

  it('bounds what helpdesk may ask for at once', () => {
    const takes = (name: CallName, given: unknown) => contract[name].input.safeParse(given).success
    expect(takes('users:list', { limit: 501 })).toBe(false)
    expect(takes('users:list', { after: 'x'.repeat(4001) })).toBe(false)
    expect(takes('users:list', { filter: { query: 'x'.repeat(201) } })).toBe(false)
    expect(takes('users:show', { username: 'x'.repeat(1001) })).toBe(false)
    expect(takes('codes:list', { limit: 0 })).toBe(false)
    expect(takes('qr:issue', { username: 'ann', format: 'png', scale: 21 })).toBe(false)
    expect(takes('tasks:cancel', { taskId: 'x'.repeat(101) })).toBe(false)
  })
})

describe('isCallName', () => {
  it('knows the calls and nothing that every object has', () => {
    expect(calls.every(([name]) => isCallName(name))).toBe(true)
    for (const name of ['__proto__', 'constructor', 'toString', '', 'users', null, 7, {}, ['users:list']]) {
      expect([name, isCallName(name)]).toEqual([name, false])
    }
  })
})
