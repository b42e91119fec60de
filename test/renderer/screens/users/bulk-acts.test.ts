import { describe, expect, it } from 'vitest'
import { bothFilters } from '../../../../src/renderer/screens/users/bulk/bulk-acts.ts'

describe('two filters', () => {
  it('leave those whom both leave', () => {
    expect(bothFilters({ group: 'Staff' }, { code: ['live'] })).toEqual({ group: 'Staff', code: ['live'] })
    expect(bothFilters({ app: ['none', 'set-up'] }, { app: ['set-up', 'provisioned'] })).toEqual({ app: ['set-up'] })
    expect(bothFilters({ code: ['used'], disabled: true }, { app: ['provisioned'] })).toEqual({
      code: ['used'],
      disabled: true,
      app: ['provisioned']
    })
  })

  it('leave nobody where they ask for different states', () => {
    expect(bothFilters({ code: ['used'] }, { code: ['live'] })).toBeNull()
    expect(bothFilters({ app: ['none'] }, { app: ['set-up', 'provisioned'] })).toBeNull()
  })
})
