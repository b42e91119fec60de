import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../../src/shared/audit.ts'
import { answerFor } from '../../../../src/renderer/screens/users/answer.ts'
import { groupRepeats } from '../../../../src/renderer/screens/users/timeline-repeats.ts'
import { aUser, now } from './a-user.ts'

const minute = 60_000

const entry = (kind: AuditEntry['kind'], detail: AuditEntry['detail'] = {}, atMs = now - 2 * minute): AuditEntry => ({
  id: atMs,
  atMs,
  actor: 'portal',
  kind,
  username: 'jdoe',
  detail
})
const refused = (refusal: string, more: AuditEntry['detail'] = {}) =>
  entry('attempt.refused', { refusal, address: '203.0.113.9', ...more })

const say = (...given: Parameters<typeof answerFor>) => {
  const { sentence, appShows } = answerFor(...given)
  return [sentence.replace(/[\u2068\u2069]/g, ''), appShows]
}

describe('the answer to a call', () => {
  it('is why the last attempt was refused, and what the phone shows', () => {
    const user = aUser({ code: 'expired' })
    expect(say(user, [refused('code-expired', { endedAtMs: now - 62 * minute }), entry('codes.issued')], now)).toEqual([
      'Tried 2 min ago from 203.0.113.9: the code had expired 60 min earlier.',
      'Invalid Provision Code'
    ])
  })

  it('is that a new code waits, once one was issued after a refusal', () => {
    const user = aUser({ code: 'live', codeExpiresAtMs: now + 180 * minute })
    expect(say(user, [entry('codes.issued'), refused('code-used')], now)).toEqual([
      'A code is live and ends in 3 h; nobody has tried it yet.',
      null
    ])
  })

  it('is the lock while there is one, whatever was tried', () => {
    const user = aUser({ code: 'live', codeExpiresAtMs: now + minute, lockedUntilMs: now + minute })
    const [sentence, appShows] = say(user, [refused('wrong-code')], now)
    expect(sentence).toMatch(/^Locked until .* The right code works from any other\.$/)
    expect(appShows).toBe('Invalid Provision Code')
    expect(say({ ...user, lockedUntilMs: now - 1 }, [refused('wrong-code')], now)[0]).toContain('the code was wrong')
  })

  it('is that the user is disabled before anything else', () => {
    expect(say(aUser({ disabled: true, lockedUntilMs: now + minute }), [], now)[1]).toBe('Invalid Username')
  })

  it('tells an app without strings from one that is refused them', () => {
    const user = aUser({ app: 'set-up', code: 'used', provisionedAtMs: now })
    expect(say(user, [entry('attempt.passed', { address: '203.0.113.9' })], now)[0]).toContain('has not downloaded')
    const reason = 'no-mobile-client-right'
    expect(say(user, [entry('strings.refused', { reason }), entry('attempt.passed')], now)).toEqual([
      'The app was refused its security strings 2 min ago: the group may not use a Mobile Client.',
      'Error Downloading Security Strings'
    ])
  })

  it('is since when the app works', () => {
    const user = aUser({ app: 'provisioned', code: 'used', provisionedAtMs: now - 3 * 86_400_000 })
    expect(say(user, [entry('strings.downloaded'), entry('attempt.passed')], now)[0]).toBe(
      'The app was provisioned 3 days ago.'
    )
  })

  it('takes a live code whose time is over for an expired one', () => {
    expect(say(aUser({ code: 'live', codeExpiresAtMs: now }), [entry('codes.issued')], now)[0]).toBe(
      'The code is expired and no app is set up.'
    )
  })

  it('is that there is nothing yet', () => {
    expect(say(aUser(), [], now)).toEqual(['No app and no code yet.', null])
  })
})

describe('the timeline', () => {
  it('makes one entry of the same again and again, and keeps the order', () => {
    const tries = [1, 2, 3].map((ago) => ({ ...refused('no-code'), atMs: now - ago * minute }))
    const groups = groupRepeats([...tries, entry('codes.withdrawn'), refused('no-code')])
    expect(groups.map(({ times }) => times)).toEqual([3, 1, 1])
    expect(groups[0]?.entry.atMs).toBe(now - minute)
  })
})
