import { describe, expect, it } from 'vitest'
import { wordsOfRefusal } from '../../../src/main/provisioning/refusal.ts'
import { attemptRefusals } from '../../../src/shared/audit.ts'

describe('what the app is told of a refusal', () => {
  it('never gives a name away where policy hides unknown users', () => {
    for (const refusal of attemptRefusals) {
      expect([refusal, wordsOfRefusal(refusal, { 'policy.hideUnknownUsers': true })]).toEqual([
        refusal,
        'invalid-provision-code'
      ])
    }
  })

  it('else says of a name that nobody has, or that is disabled, that it is wrong, and of no other', () => {
    const named = attemptRefusals.filter(
      (refusal) => wordsOfRefusal(refusal, { 'policy.hideUnknownUsers': false }) === 'invalid-username'
    )
    expect(named.toSorted()).toEqual(['unknown-user', 'user-disabled'])
  })
})
