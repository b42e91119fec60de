import { mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileFault, unreadableFile, unwritableFile } from '../../../src/main/system/file-faults.ts'
import { createTestFolder } from '../../support/console.ts'
import { mountSmall, smallDiskNeed } from '../../support/small-disk.ts'
import { spawnSync } from 'node:child_process'

/** What the system throws at an act. */
function errorOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('The act was let pass.')
}

const read = (file: string) =>
  fileFault(
    errorOf(() => readFileSync(file)),
    'read'
  )
const write = (file: string) =>
  fileFault(
    errorOf(() => writeFileSync(file, 'x'.repeat(100_000))),
    'write'
  )

describe('what is wrong with a file', () => {
  it('is said in plain words to whoever reads it', () => {
    const folder = createTestFolder()
    writeFileSync(path.join(folder, 'file'), '')
    symlinkSync('circle', path.join(folder, 'circle'))
    expect([
      read(path.join(folder, 'none')),
      read(path.join(folder, 'file', 'below')),
      read(folder),
      read(path.join(folder, 'n'.repeat(300))),
      read(path.join(folder, 'circle')),
      read('a\0b')
    ]).toEqual([
      'there is no such file',
      'there is no such file',
      'it is a folder',
      'its name is too long',
      'its links lead in a circle',
      'its name is not one that a file can have'
    ])
  })

  it('is said in plain words to whoever writes it', () => {
    const folder = createTestFolder()
    writeFileSync(path.join(folder, 'file'), '')
    expect([
      write(path.join(folder, 'none', 'file')),
      write(path.join(folder, 'file', 'below')),
      write(folder),
      write(path.join(folder, 'n'.repeat(300))),
      fileFault(
        errorOf(() => openSync(path.join(folder, 'file'), 'wx')),
        'write'
      )
    ]).toEqual([
      'its folder does not exist',
      'a part of its path is no folder',
      'it is a folder',
      'its name is too long',
      'it is there already'
    ])
  })

  it('is that the disk is full, or may only be read', ({ skip }) => {
    const small = mountSmall(16) ?? skip(smallDiskNeed)
    expect(write(path.join(small, 'file'))).toBe('the disk is full')
    spawnSync('mount', ['-o', 'remount,ro', small])
    expect(write(path.join(small, 'other'))).toBe('its file system is read-only')
    expect(
      fileFault(
        errorOf(() => mkdirSync(path.join(small, 'folder'))),
        'write'
      )
    ).toBe('its file system is read-only')
  })

  it('is that the program may not', () => {
    for (const code of ['EACCES', 'EPERM']) {
      const error = Object.assign(new Error(`${code}: as the system says it`), { code })
      expect([fileFault(error, 'read'), fileFault(error, 'write')]).toEqual([
        'this program may not read it',
        'this program may not write there'
      ])
    }
  })

  it('is said with its path; the system’s own words are only the cause', () => {
    const error = Object.assign(new Error('EWEIRD: weird failure, open'), { code: 'EWEIRD' })
    const refusals = [
      unreadableFile(error, '/a/b'),
      unwritableFile(error, '/a/b', { consequence: 'Nothing was done.' })
    ]
    expect(refusals.map(({ code, message }) => [code, message])).toEqual([
      ['file-unreadable', '/a/b cannot be read: the system does not let this program read it; the log has its words.'],
      [
        'file-unwritable',
        '/a/b cannot be written: the system does not let this program write it; the log has its words. Nothing was done.'
      ]
    ])
    for (const refusal of refusals) expect(refusal.cause).toBe(error)
  })
})
