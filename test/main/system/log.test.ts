import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFileLog } from '../../../src/main/system/log.ts'
import { createTestFolder } from '../../support/console.ts'

const logFile = (folder: string) => path.join(folder, 'logs', 'provision.log')
const readLog = (folder: string) => readFileSync(logFile(folder), 'utf8')

describe('the log of a data folder', () => {
  it('is made when it is first written to, for its owner alone', () => {
    const folder = createTestFolder()
    const log = createFileLog(folder)
    expect(readdirSync(folder)).toEqual([])
    log.info('started')
    expect(statSync(logFile(folder)).mode & 0o777).toBe(0o600)
    expect(statSync(path.dirname(logFile(folder))).mode & 0o777).toBe(0o700)
  })

  it('holds a line for each message, with time, level and fields', () => {
    const folder = createTestFolder()
    const log = createFileLog(folder)
    log.info('The User Portal listens.')
    log.warn('A key file can be read by others.', { path: '/a/b' })
    log.error('It failed.', { error: new TypeError('on purpose') })
    const text = readLog(folder)
    expect(text).toMatch(/^\d{4}-\d{2}-\d{2} [\d:.]+\S* \[\w+\] info The User Portal listens\.$/m)
    expect(text).toMatch(/ warn A key file can be read by others\. .*\/a\/b/)
    expect(text).toContain(' error It failed.')
    expect(text).toContain('TypeError: on purpose')
    expect(text).toContain('log.test.ts')
  })

  it('keeps each folder’s own', () => {
    const [one, other] = [createTestFolder(), createTestFolder()]
    const logs = [createFileLog(one), createFileLog(other)]
    logs[0]?.info('first')
    logs[1]?.info('second')
    createFileLog(one).info('third')
    expect(readLog(one)).toContain('third')
    expect(readLog(one)).not.toContain('second')
    expect(readLog(other)).not.toContain('first')
  })

  it('begins a new file at 5 MiB and keeps the one before', () => {
    const folder = createTestFolder()
    const log = createFileLog(folder)
    for (let line = 0; line < 6; line++) log.info(`${line} ${'x'.repeat(1024 * 1024)}`)
    log.info('after')
    expect(readdirSync(path.join(folder, 'logs')).toSorted()).toEqual(['provision.log', 'provision.old.log'])
    expect(readLog(folder)).toContain('after')
    expect(statSync(logFile(folder)).size).toBeLessThan(5 * 1024 * 1024)
  })

  it('does not fail the act that it tells of where it cannot be written', () => {
    const folder = createTestFolder()
    writeFileSync(path.join(folder, 'logs'), 'in the way')
    const log = createFileLog(folder)
    expect(() => log.error('It failed.', { error: new Error('on purpose') })).not.toThrow()
    const gone = path.join(createTestFolder(), 'file')
    writeFileSync(gone, '')
    expect(() => createFileLog(gone).info('started')).not.toThrow()
    expect(existsSync(logFile(folder))).toBe(false)
  })
})
