import { describe, expect, it } from 'vitest'
import { changeMapping, mappingProblem, readingOf } from '../../../../../src/renderer/screens/users/import/mapping.ts'
import { namesOf } from '../../../../../src/renderer/screens/users/import/group-names.ts'

describe('what the columns of a file become', () => {
  it('needs a username', () => {
    expect(mappingProblem(['name', null])).toBe('Say which column is the username.')
    expect(mappingProblem(['name', 'username'])).toBeNull()
  })

  it('has each column once', () => {
    expect(mappingProblem(['username', 'email', 'email'])).toBe('Two columns cannot both become the email.')
  })

  it('leaves out the field that had the column before', () => {
    expect(changeMapping(['username', 'name', null], 2, 'name')).toEqual(['username', null, 'name'])
    expect(changeMapping(['username', 'name'], 1, null)).toEqual(['username', null])
  })

  it('may come with the error of a file that lacks something, or not', () => {
    const reading = { header: ['who'], mapping: [null], delimiter: ',', encoding: 'utf-8', sample: [['a']] }
    expect(readingOf(reading)).toBe(reading)
    for (const other of [null, undefined, 'text', {}, { header: ['who'] }]) expect(readingOf(other)).toBeNull()
  })
})

describe('names of groups in a line', () => {
  it('are cut where there are many', () => {
    expect(namesOf(['A', 'B'])).toBe('A, B')
    expect(namesOf([...'ABCDEFGHIJ'])).toBe('A, B, C, D, E, F, G, H, … (+2)')
  })
})
