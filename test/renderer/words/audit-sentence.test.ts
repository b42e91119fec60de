import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attemptRefusals, auditKinds, type AuditEntry } from '../../../src/shared/audit.ts'
import { auditSentence } from '../../../src/renderer/words/audit-sentence.ts'

const at = Date.UTC(2026, 10, 24, 12)

const entry = (kind: AuditEntry['kind'], detail: AuditEntry['detail'] = {}): AuditEntry => ({
  id: 1,
  atMs: at,
  actor: 'root (browser)',
  kind,
  username: 'jdoe',
  detail
})

/** Without the marks that keep names of either writing direction apart. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')

describe('an entry of the log as a sentence', () => {
  it('says from where an attempt came and why it was refused', () => {
    const detail = { refusal: 'code-used', address: '203.0.113.9', endedAtMs: at - 4 * 60_000 }
    expect(plain(auditSentence(entry('attempt.refused', detail)))).toBe(
      'Provision attempt from 203.0.113.9 refused: the code had been used 4 min earlier'
    )
  })

  it('says that an attempt locked the user', () => {
    const detail = { refusal: 'wrong-code', address: '203.0.113.9', lockedUntilMs: at + 30_000 }
    expect(plain(auditSentence(entry('attempt.refused', detail)))).toMatch(/the code was wrong; locked until .*Nov/)
  })

  it('says how many attempts within a minute it stands for', () => {
    const detail = { refusal: 'address-limit', address: '203.0.113.9', count: 12, firstAtMs: at, lastAtMs: at }
    expect(plain(auditSentence(entry('attempt.refused', detail)))).toBe(
      '12 attempts within a minute from 203.0.113.9 refused: too many failed attempts had come from this address'
    )
    expect(plain(auditSentence(entry('attempt.refused', { ...detail, count: 1 })))).toMatch(/^Provision attempt from/)
    expect(auditSentence(entry('attempt.refused', { refusal: 'locked', others: true, count: 4000 }))).toMatch(
      /^4,000 more attempts from many addresses refused, not listed one by one: /
    )
  })

  it('counts the users of a bulk act', () => {
    expect(auditSentence(entry('users.disabled', { users: ['a', 'b', 'c'] }))).toBe('3 users disabled')
    expect(auditSentence(entry('users.disabled'))).toBe('User disabled')
    expect(auditSentence(entry('users.imported', { added: ['a', 'b'], updated: ['c'] }))).toBe(
      'Users imported: 2 added, 1 updated'
    )
  })

  it('names the fields that were changed', () => {
    const detail = { name: { before: 'Jo', after: 'Joe' }, email: { before: 'a@b.c', after: 'a@b.c' } }
    expect(auditSentence(entry('user.changed', detail))).toBe('User changed: name')
  })

  it('is there for every kind and every reason, also when the detail is of another version or hostile', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string())
    )
    const names = fc.constantFrom(
      'users',
      'address',
      'refusal',
      'reason',
      'endedAtMs',
      'channel',
      'expiresAtMs',
      'before',
      'name',
      'codes',
      'added'
    )
    fc.assert(
      fc.property(fc.constantFrom(...auditKinds), fc.dictionary(names, value), (kind, detail) => {
        const sentence = auditSentence(entry(kind, detail))
        expect(sentence).not.toMatch(/undefined|NaN|\{\{|^$/)
      })
    )
    expect(auditSentence(entry('codes.issued', { expiresAtMs: -8_640_000_000_000_001 }))).not.toMatch(/Invalid|NaN/)
    for (const refusal of attemptRefusals) {
      expect(auditSentence(entry('attempt.refused', { refusal }))).not.toMatch(/undefined|\{\{|unknown$/)
    }
  })
})
