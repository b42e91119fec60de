import { describe, expect, it } from 'vitest'
import guide from '../../../docs/guide.md?raw'
import { errorCodes } from '../../../src/shared/errors.ts'
import { CallError, ConnectionError } from '../../../src/renderer/bridge.ts'
import { en } from '../../../src/renderer/words/en.ts'
import { t } from '../../../src/renderer/words/index.ts'
import { describeProblem, problemText } from '../../../src/renderer/words/problems.ts'

describe('the catalogue of words', () => {
  it('has a sentence of its own for every error', () => {
    const sentences = errorCodes.map((code) => describeProblem(new CallError({ code, message: 'Details.' })).sentence)
    expect(new Set(sentences).size).toBe(errorCodes.length)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  it('adds what the console says where that names something', () => {
    const message = 'The file has no column for the username; its header is “who”.'
    expect(problemText(new CallError({ code: 'import-unreadable', message }))).toBe(
      `This file cannot be read as a list of users. ${message}`
    )
    expect(problemText(new CallError({ code: 'internal', message: 'Boom.' }))).not.toContain('Boom')
  })

  it('says of a full disk which one it is and that nothing was written, and of a damaged database nothing twice', () => {
    const full = 'The disk that holds the database is full. Nothing of this act was written.'
    expect(problemText(new CallError({ code: 'disk-full', message: full }))).toBe(
      `There is no room for this on the disk. Make some, then try again. ${full}`
    )
    const damaged = 'The database is damaged. Restore a backup.'
    expect(problemText(new CallError({ code: 'database-damaged', message: damaged }))).toBe(
      'The database is damaged. Restore it from a backup.'
    )
  })

  it('tells an ended session from a console that does not answer', () => {
    expect(describeProblem(new ConnectionError(true)).sentence).toContain('not signed in')
    expect(describeProblem(new ConnectionError(false)).sentence).toContain('does not answer')
  })

  it('groups the digits of large numbers and uses the right form of a count', () => {
    expect(t('users.count', { count: 1 })).toBe('1 user')
    expect(t('users.count', { count: 100_000 })).toBe('100,000 users')
  })

  it('puts names in as they are, markup included', () => {
    expect(t('user.gone', { username: '<b>&amp;' })).toContain('<b>&amp;')
  })

  it('of the help says what the guide says', () => {
    const { title: _title, keys: _keys, ...screens } = en.help
    for (const paragraph of Object.values(screens).flat()) expect(guide).toContain(paragraph)
  })
})
