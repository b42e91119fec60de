import type { FolderFigures } from '../../shared/backup.ts'
import { settingDefaults } from '../../shared/settings.ts'
import { readAside } from '../store/sqlite/reading-thread.ts'

export interface DatabaseFigures extends FolderFigures {
  /** `server_state.key_check`: of which data key the database is. */
  keyCheck: string | null
  /** The MAC of the log's row that was asked for. */
  macAt: string | null
}

interface FiguresRow extends Omit<DatabaseFigures, 'serverName' | 'siteId' | 'auditHead'> {
  /** JSON, or null where the default applies. */
  serverName: string | null
  siteId: string | null
  headId: number | null
  headMac: string | null
}

const columns = {
  serverName: `select value from settings where key = 'server.name'`,
  siteId: `select value from settings where key = 'server.siteId'`,
  schemaVersion: 'select user_version from pragma_user_version',
  users: 'select count(*) from users where removed_at_ms is null',
  groups: 'select count(*) from groups',
  codes: 'select count(*) from codes',
  devices: 'select count(*) from devices',
  auditRows: 'select count(*) from audit',
  headId: 'select max(id) from audit',
  headMac: 'select mac from audit order by id desc limit 1',
  lastAuditAtMs: 'select at_ms from audit order by id desc limit 1',
  keyCheck: 'select key_check from server_state',
  macAt: 'select mac from audit where id = ?'
} satisfies Record<keyof FiguresRow, string>

/** One statement, so that all figures are of one moment. */
const statement = `select ${Object.entries(columns)
  .map(([name, query]) => `(${query}) as "${name}"`)
  .join(', ')}`

/** Reads a database file while others write to it. Throws SQLite's errors for one that is damaged or not ours. */
export async function readFigures(file: string, macAtId: number | null = null): Promise<DatabaseFigures> {
  const [row] = await readAside<FiguresRow>(file, statement, [macAtId])
  if (!row) throw new Error('a select without a table gave no row')
  const { serverName, siteId, headId, headMac, ...counts } = row
  return {
    ...counts,
    serverName: serverName === null ? settingDefaults['server.name'] : String(readJson(serverName)),
    siteId: Number(readJson(siteId ?? '0')) || 0,
    auditHead: headId === null || headMac === null ? null : { id: headId, mac: headMac }
  }
}

/** A damaged setting must not be in the way of the backup that is to replace it. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
