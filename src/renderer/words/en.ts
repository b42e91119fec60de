import { errors } from './en/errors.ts'
import { help } from './en/help.ts'
import { importWords } from './en/import.ts'
import { log } from './en/log.ts'
import { sheets } from './en/sheets.ts'
import { shell } from './en/shell.ts'
import { states } from './en/states.ts'
import { status } from './en/status.ts'
import { user } from './en/user.ts'
import { users } from './en/users.ts'

/** Every text of the console in English. Numbers and names come in by `{{…}}`; `_one` and `_other` are the forms of a count. */
export const en = { ...shell, ...errors, ...states, status, sheets, users, user, import: importWords, log, help }
