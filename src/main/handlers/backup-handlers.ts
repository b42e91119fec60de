import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createBackupHandlers({ backups }: Services, tasks: Tasks): HandlersOf<'backup'> {
  return {
    'backup:create': ({ passphrase, taskId }, act) =>
      tasks.run(taskId, act, (task) => backups.create(passphrase, task)),
    'backup:inspect': ({ content, passphrase }) => backups.inspect({ content }, passphrase),
    'backup:restore': ({ content, passphrase, taskId }, act) =>
      tasks.run(taskId, act, (task) => backups.restore({ content }, passphrase, task))
  }
}
