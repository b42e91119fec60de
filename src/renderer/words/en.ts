import { backup } from './en/backup.ts'
import { errors } from './en/errors.ts'
import { form } from './en/form.ts'
import { groups } from './en/groups.ts'
import { help } from './en/help.ts'
import { importWords } from './en/import.ts'
import { log } from './en/log.ts'
import { logScreen } from './en/log-screen.ts'
import { policy } from './en/policy.ts'
import { portal } from './en/portal.ts'
import { server } from './en/server.ts'
import { mail } from './en/mail.ts'
import { outbox } from './en/outbox.ts'
import { sheets } from './en/sheets.ts'
import { shell } from './en/shell.ts'
import { states } from './en/states.ts'
import { status } from './en/status.ts'
import { support } from './en/support.ts'
import { transport } from './en/transport.ts'
import { troubleshooting } from './en/troubleshooting.ts'
import { user } from './en/user.ts'
import { users } from './en/users.ts'

/** Every text of the console in English. Numbers and names come in by `{{…}}`; `_one` and `_other` are the forms of a count. */
export const en = {
  ...shell,
  ...errors,
  ...states,
  status,
  support,
  sheets,
  users,
  user,
  import: importWords,
  log,
  logScreen,
  backup,
  form,
  policy,
  portal,
  server,
  groups,
  outbox,
  mail,
  transport,
  troubleshooting,
  help
}
