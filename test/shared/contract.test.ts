import { describe, expect, it } from 'vitest'
import { contract, isCallName, roles, type CallName } from '../../src/shared/contract.ts'
import { sampleInputs } from '../support/sample-calls.ts'

const calls = Object.entries(contract) as [CallName, (typeof contract)[CallName]][]

describe('the contract', () => {
  it('names its calls noun:verb and gives each a role', () => {
    for (const [name, { role }] of calls) {
      expect(name).toMatch(/^[a-z]+:[a-zA-Z]+$/)
      expect(roles).toContain(role)
    }
  })

  it('lets helpdesk read users and hand out codes, and nothing that changes the server', () => {
    const helpdesk = calls.filter(([, { role }]) => role === 'helpdesk').map(([name]) => name)
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
