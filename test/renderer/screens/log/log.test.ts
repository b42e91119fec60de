import { describe, expect, it } from 'vitest'
import { auditKinds, type AuditEntry } from '../../../../src/shared/audit.ts'
import { parseRoute } from '../../../../src/renderer/routes.ts'
import { readEntryContent } from '../../../../src/renderer/screens/log/entry-changes.ts'
import {
  placeOf,
  readLater,
  readLogEnd,
  type LaterEntries,
  type ListEntries
} from '../../../../src/renderer/screens/log/found-entries.ts'
import { readHead, writeHead } from '../../../../src/renderer/screens/log/kept-head.ts'
import { groupOf, kindGroups, kindsOf } from '../../../../src/renderer/screens/log/kind-groups.ts'
import { filterOf, isEverything, readLogChoice, readRow } from '../../../../src/renderer/screens/log/log-route.ts'

const entry = (id: number, kind: AuditEntry['kind'] = 'user.added', detail: AuditEntry['detail'] = {}): AuditEntry => ({
  id,
  atMs: id * 1000,
  actor: 'root',
  kind,
  username: 'jdoe',
  detail
})

describe('the address of the log', () => {
  it('names a user, a text, kinds and times', () => {
    const choice = readLogChoice(parseRoute('#/log?user=jdoe&text=vpn&kind=mail,attempt.refused&since=24h').params)
    const nowMs = 1_000_000_000
    expect(filterOf(choice, nowMs)).toEqual({
      user: 'jdoe',
      text: 'vpn',
      kinds: expect.arrayContaining(['attempt.refused', 'mail.sent', 'outbox.stopped']),
      sinceMs: nowMs - 86_400_000
    })
    const dated = filterOf(readLogChoice({ until: '2026-05-04T17:00' }), nowMs)
    expect(dated).toEqual({ untilMs: new Date(2026, 4, 4, 17).getTime() })
  })

  it('shows everything where it makes no sense', () => {
    const choice = readLogChoice({ kind: 'eaten,__proto__', since: 'yesterday', until: '7' })
    expect(isEverything(choice)).toBe(true)
    expect(filterOf(choice, 0)).toEqual({})
    expect(readRow('12')).toBe(12)
    expect(readRow('1e3')).toBeNull()
  })

  it('has every kind in one group', () => {
    expect(kindGroups.flatMap(kindsOf).toSorted()).toEqual([...auditKinds].toSorted())
    expect(groupOf('Users.imported')).toBeNull()
  })
})

/** A log of rows 1 to `last`, of which every tenth matches, read in windows of 100 rows. */
function logOf(last: () => number): { list: ListEntries; lookedThrough: () => number } {
  let rows = 0
  const list: ListEntries = async ({ filter = {}, beforeId = Infinity, limit = 100 }) => {
    const before = Math.min(beforeId, last() + 1)
    const from = Math.max(1, before - 100, Math.ceil((filter.sinceMs ?? 0) / 1000))
    const entries: AuditEntry[] = []
    let id = before - 1
    for (; id >= from && entries.length < limit; id--) {
      rows += 1
      if (filter.user === undefined || id % 10 === 0) entries.push(entry(id))
    }
    const first = Math.max(1, Math.ceil((filter.sinceMs ?? 0) / 1000))
    return { entries, next: id >= first ? id + 1 : null }
  }
  return { list, lookedThrough: () => rows }
}

describe('what comes while a filter is on the screen', () => {
  it('is found in its order, each entry once, without looking through the whole log', async () => {
    let last = 100_000
    const { list, lookedThrough } = logOf(() => last)
    const start: LaterEntries = { end: await readLogEnd(list), entries: [] }
    expect(await readLater(list, { user: 'jdoe' }, start)).toBe(start)
    last = 100_035
    const later = await readLater(list, { user: 'jdoe' }, start)
    last = 100_460
    const latest = await readLater(list, { user: 'jdoe' }, later)
    expect(later.entries.map(({ id }) => id)).toEqual([100_030, 100_020, 100_010])
    const expected = Array.from({ length: 46 }, (_, index) => 100_460 - index * 10)
    expect(latest.entries.map(({ id }) => id)).toEqual(expected)
    expect(lookedThrough()).toBeLessThan(600)
  })

  it('has a place in the list that is known by its row', () => {
    const entries = [90, 70, 40, 10].map((id) => entry(id))
    expect([90, 70, 40, 10, 80, 5, 100].map((id) => placeOf(entries, id))).toEqual([0, 1, 2, 3, -1, -1, -1])
  })
})

describe('the details of an entry', () => {
  it('say what was before and what is after, whichever way they were written', () => {
    const perField = { name: { before: 'Jo', after: 'Joe' }, email: { before: 'a@b.c', after: 'a@b.c' } }
    expect(readEntryContent(entry(1, 'user.changed', perField)).changes).toEqual([
      { name: 'name', before: 'Jo', after: 'Joe' }
    ])
    const whole = { before: { name: 'A', mobileClient: true }, after: { name: 'A', mobileClient: false } }
    expect(readEntryContent(entry(1, 'group.changed', whole))).toEqual({
      changes: [{ name: 'mobileClient', before: true, after: false }],
      lists: [],
      facts: []
    })
  })

  it('keep users apart from the rest', () => {
    expect(readEntryContent(entry(1, 'users.imported', { added: ['a', 'b'], updated: [], file: 'x.csv' }))).toEqual({
      changes: [],
      lists: [{ name: 'added', usernames: ['a', 'b'] }],
      facts: [{ name: 'file', value: 'x.csv' }]
    })
  })

  it('of another hand are facts', () => {
    const detail = { before: null, after: 1, users: [1, 2] }
    expect(readEntryContent(entry(1, 'user.changed', detail)).facts).toHaveLength(3)
  })
})

describe('the head of the log in a file', () => {
  it('comes back as it was written; anything else is none', () => {
    expect(readHead(writeHead({ id: 7, mac: 'abc', atMs: 0 }))).toEqual({ id: 7, mac: 'abc' })
    expect(readHead('{"id":"7"}')).toBeNull()
    expect(readHead('')).toBeNull()
  })
})
