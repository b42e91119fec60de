import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCertificateFiles } from '../../../src/main/portal/certificate.ts'
import { trustedAuthorities } from '../../../src/main/mail/trusted-authorities.ts'
import { readRegularFile } from '../../../src/main/system/regular-file.ts'
import { createTestFolder } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const megabyte = 1024 * 1024

describe('a file that a setting names', () => {
  it('is read up to 1 MB, also by a link, and refused beyond', async () => {
    const file = path.join(createTestFolder(), 'file.pem')
    writeFileSync(file, 'ä'.repeat(megabyte / 2))
    const link = `${file}.link`
    symlinkSync(file, link)
    expect(readRegularFile(link, link)).toBe('ä'.repeat(megabyte / 2))
    appendFileSync(file, 'x')
    const { code, message } = await refusalOf(() => readRegularFile(file, file))
    expect([code, message]).toEqual([
      'file-unreadable',
      `${file} cannot be read: it is larger than 1 MB, which no file of certificates is.`
    ])
  })

  it.runIf(process.platform === 'linux')(
    'neither blocks nor fills the memory where it is a pipe or a device',
    async () => {
      const folder = createTestFolder()
      const pipe = path.join(folder, 'pipe')
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
      mkdirSync(path.join(folder, 'folder'))
      for (const [file, why] of [
        [pipe, 'it is no ordinary file'],
        ['/dev/zero', 'it is no ordinary file'],
        [path.join(folder, 'folder'), 'it is a folder'],
        [path.join(folder, 'none'), 'there is no such file']
      ] as const) {
        const asCertificate = await refusalOf(() => readCertificateFiles(file, file))
        expect([asCertificate.code, asCertificate.message]).toEqual([
          'tls-unavailable',
          `The certificate file ${file} cannot be read: ${why}.`
        ])
        const asAuthority = await refusalOf(() => trustedAuthorities({ name: 'default', caFile: file }))
        expect([asAuthority.code, asAuthority.message]).toEqual([
          'file-unreadable',
          `The certificates of the transport “default” (${file}) cannot be read: ${why}.`
        ])
      }
    }
  )
})
