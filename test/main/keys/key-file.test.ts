import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors.ts'
import { createKeyFile, readKeyFile } from '../../../src/main/keys/key-file.ts'
import { createTestFolder } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

describe('a key file', () => {
  it('is 64 hexadecimal digits that read back as the secret it was made with', () => {
    const file = path.join(createTestFolder(), 'a.key')
    const secret = createKeyFile(file)
    expect(secret).toHaveLength(32)
    expect(readFileSync(file, 'latin1')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(readKeyFile(file)).toEqual(secret)
  })

  it('is never written over', async () => {
    const file = path.join(createTestFolder(), 'a.key')
    const secret = createKeyFile(file)
    expect(await refusalCode(() => createKeyFile(file))).toBe('file-unwritable')
    expect(readKeyFile(file)).toEqual(secret)
  })

  it('is null where there is none', () => {
    const file = path.join(createTestFolder(), 'a.key')
    expect(readKeyFile(file)).toBeNull()
    expect(existsSync(file)).toBe(false)
  })

  it('is refused when it is a folder', async () => {
    const folder = createTestFolder()
    chmodSync(folder, 0o700)
    expect(await refusalCode(() => readKeyFile(folder))).toBe('key-locked')
  })

  it('is read as 32 bytes or refused, whatever it holds', () => {
    const file = path.join(createTestFolder(), 'a.key')
    writeFileSync(file, '', { mode: 0o600 })
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 62, maxLength: 66 })
    const endings = fc.constantFrom('', '\n', '\r\n', ' ', 'x', '\0', '\n\n', '\nff')
    fc.assert(
      fc.property(digits, endings, (text, ending) => {
        writeFileSync(file, text + ending)
        const isWellFormed = text.length === 64 && /^\s*$/.test(ending)
        try {
          expect(readKeyFile(file)).toEqual(Buffer.from(text, 'hex'))
          expect(isWellFormed).toBe(true)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          expect(isWellFormed).toBe(false)
        }
      })
    )
  })
})
