import { writeSync } from 'node:fs'
import { openFile } from '../../../src/main/backup/origin.ts'
import { restoreFolder } from '../../../src/main/backup/restore.ts'
import { openBackup } from '../../../src/main/backup/sealed-file.ts'
import { systemClock } from '../../../src/main/system/clock.ts'

/** Restores like any program, and says each step; before the step of this number it kills itself, as a power cut would. */
const [folder = '', file = '', passphrase = '', killAt = ''] = process.argv.slice(2)

let step = 0
const backup = await openBackup(await openFile(file), passphrase)
await restoreFolder({
  folder,
  backup,
  sources: { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null },
  clock: systemClock,
  act: { actor: 'killed' },
  onStep(name) {
    if (step++ === Number(killAt)) process.kill(process.pid, 'SIGKILL')
    writeSync(1, `${name}\n`)
  }
})
