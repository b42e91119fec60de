import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'

export interface StoredEntry {
  id: number
  atMs: number
  actor: string
  kind: string
  username: string
  detail: unknown
}

/** The audit log of an opened folder, oldest first, as another program sees it; of one kind where asked. */
export function readAuditEntries(folder: string, kind?: string): StoredEntry[] {
  const sqlite = new BetterSqlite3(path.join(folder, 'console.db'), { readonly: true })
  const rows = sqlite
    .prepare<[], StoredEntry & { detail: string }>(
      'select id, at_ms as atMs, actor, kind, username, detail from audit order by id'
    )
    .all()
  sqlite.close()
  return rows
    .filter((row) => kind === undefined || row.kind === kind)
    .map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }))
}
