import { describe, expect, it } from 'vitest'
import { CallError } from '../../../../src/renderer/bridge.ts'
import { backupName } from '../../../../src/renderer/screens/backup/backup-flow.ts'
import {
  describeBackupProblem,
  sizeWords,
  strengthWords
} from '../../../../src/renderer/screens/backup/backup-words.ts'
import { chosenBits, measurePassphrase } from '../../../../src/renderer/screens/backup/passphrase-strength.ts'

describe('the measure of a passphrase', () => {
  it('gives what people choose the bits of the NIST rule', () => {
    expect(chosenBits('w')).toBe(4)
    expect(chosenBits('wqzbkfxu')).toBe(18)
    expect(chosenBits('wqzbkfxu'.repeat(3))).toBe(40)
    expect(chosenBits('Wqzbkfx7')).toBe(24)
  })

  it('counts nothing for what goes on by itself', () => {
    expect(chosenBits('aaaaaaaaaaaaaaaa')).toBe(4)
    expect(chosenBits('abcdefghijklmnop')).toBe(6)
    expect(measurePassphrase('1234567890123').level).toBe('weak')
    expect(measurePassphrase('passwordpass').level).toBe('weak')
  })

  it('calls words that have nothing to do with each other strong', () => {
    expect(measurePassphrase('orbit walnut sixpence gravel harbour').level).toBe('strong')
    expect(strengthWords(measurePassphrase('orbit walnut sixpence gravel harbour'))).toMatch(/^Strong: .* years\.$/)
  })
})

describe('what is said of backups', () => {
  it('is about the file where the same code is otherwise about the data folder', () => {
    const told = (code: 'key-locked' | 'database-busy' | 'disk-full', message: string) =>
      describeBackupProblem(new CallError({ code, message }))
    expect(told('key-locked', 'x').sentence).toBe('This is not the passphrase of this backup.')
    expect(told('database-busy', 'Close it.').detail).toBe('Close it.')
    expect(told('disk-full', 'x').sentence).toMatch(/no room .* on the disk/)
  })

  it('names sizes and files as people can read them', () => {
    expect([300, 1024 * 412, 5.26 * 2 ** 20, 300 * 2 ** 20].map(sizeWords)).toEqual([
      '1 KiB',
      '412 KiB',
      '5.3 MiB',
      '300 MiB'
    ])
    const day = new Date(2026, 10, 26)
    expect(backupName('Provision / Server: “A”', day)).toBe('Provision-Server-A-2026-11-26.backup')
    expect(backupName('خادم', day)).toBe('خادم-2026-11-26.backup')
    expect(backupName('///', day)).toBe('provision-2026-11-26.backup')
  })
})
