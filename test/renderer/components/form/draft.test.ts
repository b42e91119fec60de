import { describe, expect, it } from 'vitest'
import {
  allValuesOf,
  changedMeanwhile,
  changesOf,
  editField,
  forget,
  keepMine,
  reasonsAgainst,
  type StoredFields
} from '../../../../src/renderer/components/form/draft.ts'

const stored: StoredFields = {
  name: { value: 'Head office', isDefault: false },
  port: { value: 8443, isDefault: true },
  networks: { value: ['192.0.2.0/24'], isDefault: false }
}
const withStored = (name: string, value: unknown, isDefault = false): StoredFields => ({
  ...stored,
  [name]: { value, isDefault }
})

describe('what is edited in a form', () => {
  it('is what would be saved', () => {
    const edits = editField(editField({}, stored, 'name', 'Branch'), stored, 'port', 443)
    expect(changesOf(edits, stored)).toEqual({ name: 'Branch', port: 443 })
  })

  it('is no change any more once it is as it was', () => {
    const edits = editField(editField({}, stored, 'networks', ['x']), stored, 'networks', ['192.0.2.0/24'])
    expect(edits).toEqual({})
  })

  it('can be the default, unless the field is at it already', () => {
    expect(changesOf(editField({}, stored, 'name', null), stored)).toEqual({ name: null })
    expect(editField({}, stored, 'port', null)).toEqual({})
  })

  it('may be the very value of the default, set by hand', () => {
    expect(changesOf(editField({}, stored, 'port', 8443), stored)).toEqual({})
  })

  it('is every field as it would be, where all are saved', () => {
    expect(allValuesOf(editField({}, stored, 'name', null), stored)).toEqual({
      name: null,
      port: 8443,
      networks: ['192.0.2.0/24']
    })
  })

  it('is no change when somebody else has made the same one', () => {
    const edits = editField({}, stored, 'name', 'Branch')
    expect(changesOf(edits, withStored('name', 'Branch'))).toEqual({})
    expect(changedMeanwhile(edits, withStored('name', 'Branch'))).toEqual([])
  })
})

describe('a field that somebody else changes while it is edited', () => {
  const edits = editField({}, stored, 'name', 'Branch')
  const changed = withStored('name', 'Main office')

  it('is named, whatever is typed on', () => {
    expect(changedMeanwhile(edits, stored)).toEqual([])
    expect(changedMeanwhile(edits, changed)).toEqual(['name'])
    expect(changedMeanwhile(editField(edits, changed, 'name', 'Branch 2'), changed)).toEqual(['name'])
  })

  it('is not named any more once the person keeps their own, until it is changed again', () => {
    const kept = keepMine(edits, changed, 'name')
    expect(changedMeanwhile(kept, changed)).toEqual([])
    expect(changesOf(kept, changed)).toEqual({ name: 'Branch' })
    expect(changedMeanwhile(kept, withStored('name', 'Third'))).toEqual(['name'])
  })

  it('is theirs once the person takes it', () => {
    expect(changesOf(forget(edits, 'name'), changed)).toEqual({})
  })

  it('is not named when another field was changed', () => {
    expect(changedMeanwhile(edits, withStored('port', 443))).toEqual([])
  })
})

describe('reasons against changes', () => {
  it('are those of the changes that the check refuses', () => {
    const check = (name: string, value: unknown) => (value === 0 ? `${name} is nothing` : null)
    expect(reasonsAgainst({ name: 'x', port: 0 }, check)).toEqual({ port: 'port is nothing' })
  })
})
