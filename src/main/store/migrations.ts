import type { Migration } from 'kysely/migration'
import { initial } from './migrations/001-initial.ts'
import { usersAndLimits } from './migrations/002-users-and-limits.ts'
import { reprovisionLinks } from './migrations/003-reprovision-links.ts'
import { mail } from './migrations/004-mail.ts'
import { sheets } from './migrations/005-sheets.ts'
import { figures } from './migrations/006-figures.ts'
import { guessersAndLogIndex } from './migrations/007-guessers-and-log-index.ts'
import { clock } from './migrations/008-clock.ts'
import { ownAddresses } from './migrations/009-own-addresses.ts'

/** In order; the name's number is the schema version that the migration reaches. */
export const migrations: Record<string, Migration> = {
  '001-initial': initial,
  '002-users-and-limits': usersAndLimits,
  '003-reprovision-links': reprovisionLinks,
  '004-mail': mail,
  '005-sheets': sheets,
  '006-figures': figures,
  '007-guessers-and-log-index': guessersAndLogIndex,
  '008-clock': clock,
  '009-own-addresses': ownAddresses
}

export const newestVersion = Object.keys(migrations).length
