import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataFolderFrom } from '../../../src/main/app/start-options.ts'

describe('dataFolderFrom', () => {
  const environment = { PROVISION_DATA: '/srv/console' }

  it('takes the folder from the command line, in either spelling and among Chromium’s own options', () => {
    expect(dataFolderFrom(['electron', '.', '--data', '/tmp/a', '--no-sandbox'], environment)).toBe(
      path.resolve('/tmp/a')
    )
    expect(dataFolderFrom(['electron', '--user-data-dir=/tmp/u', '--data=/tmp/b'], environment)).toBe(
      path.resolve('/tmp/b')
    )
    expect(dataFolderFrom(['electron', '--data', 'here'], environment)).toBe(path.resolve('here'))
  })

  it('takes it from the environment where the command line is silent or says nothing', () => {
    expect(dataFolderFrom(['electron', '.'], environment)).toBe(path.resolve('/srv/console'))
    expect(dataFolderFrom(['electron', '.', '--data'], environment)).toBe(path.resolve('/srv/console'))
    expect(dataFolderFrom(['electron', '.', '--data='], environment)).toBe(path.resolve('/srv/console'))
  })
})
