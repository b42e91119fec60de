import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPrivateFile } from '../../../src/main/system/private-file.ts'
import { createTestFolder } from '../../support/console.ts'

/** A program that has begun a file in the folder; it writes its draft's name and waits. */
async function beginElsewhere(folder: string) {
  const module = path.resolve('src/main/system/private-file.ts')
  const program = `const { createPrivateFile } = await import(${JSON.stringify(module)})
    const { readdirSync } = await import('node:fs')
    createPrivateFile(${JSON.stringify(path.join(folder, 'begun.pdf'))}, '')
    process.stdout.write(readdirSync(${JSON.stringify(folder)}).find((name) => name.includes(process.pid)))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [name] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    draft: path.join(folder, name.toString()),
    async kill() {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    }
  }
}

describe('a private file', () => {
  it('clears away the drafts of programs that were killed, and nothing else', async () => {
    const folder = createTestFolder()
    const [killed, running] = [await beginElsewhere(folder), await beginElsewhere(folder)]
    await killed.kill()
    writeFileSync(killed.draft, 'codes')
    const others = ['.begun.pdf.1a2b3c4d', '.note.provision-draft', 'mine.99999999-1a2b3c4d.provision-draft']
    for (const name of others) writeFileSync(path.join(folder, name), '')
    const file = createPrivateFile(path.join(folder, 'new.pdf'), '')
    expect(existsSync(killed.draft)).toBe(false)
    expect(existsSync(running.draft)).toBe(true)
    file.write(Buffer.from('whole'))
    expect(readdirSync(folder).toSorted()).toEqual([...others, 'new.pdf', path.basename(running.draft)].toSorted())
  })

  it('of the longest name is written, for its owner alone', () => {
    const target = path.join(createTestFolder(), `${'n'.repeat(251)}.pdf`)
    createPrivateFile(target, '').write(Buffer.from('whole'))
    expect([readFileSync(target, 'utf8'), statSync(target).mode & 0o777]).toEqual(['whole', 0o600])
  })

  it('that cannot be written says why, of the name that was given', () => {
    const target = path.join(createTestFolder(), 'missing', 'sheet.pdf')
    expect(() => createPrivateFile(target, 'Nothing was saved.')).toThrow(
      `${target} cannot be written: its folder does not exist. Nothing was saved.`
    )
  })
})
