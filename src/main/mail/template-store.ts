import type { Selectable } from 'kysely'
import type { TemplateContent, TemplateKind } from '../../shared/template.ts'
import type { Db, TemplatesTable } from '../store/schema.ts'

export type TemplateRow = Selectable<TemplatesTable>

export async function listTemplateRows(db: Db): Promise<(TemplateRow & { group_name: string | null })[]> {
  return db
    .selectFrom('templates')
    .leftJoin('groups', 'groups.id', 'templates.group_id')
    .selectAll('templates')
    .select('groups.name as group_name')
    .orderBy('templates.kind')
    .orderBy('groups.name_key')
    .execute()
}

export async function findTemplateRow(
  db: Db,
  kind: TemplateKind,
  groupId: number | null
): Promise<TemplateRow | undefined> {
  return db
    .selectFrom('templates')
    .selectAll()
    .where('kind', '=', kind)
    .where('group_id', groupId === null ? 'is' : '=', groupId)
    .executeTakeFirst()
}

export async function putTemplate(
  db: Db,
  kind: TemplateKind,
  groupId: number | null,
  content: TemplateContent,
  nowMs: number
): Promise<void> {
  const values = { subject: content.subject, html: content.html, text: content.text, updated_at_ms: nowMs }
  const known = await findTemplateRow(db, kind, groupId)
  if (known) await db.updateTable('templates').set(values).where('id', '=', known.id).execute()
  else
    await db
      .insertInto('templates')
      .values({ kind, group_id: groupId, ...values })
      .execute()
}

export async function deleteTemplate(db: Db, kind: TemplateKind, groupId: number | null): Promise<void> {
  await db
    .deleteFrom('templates')
    .where('kind', '=', kind)
    .where('group_id', groupId === null ? 'is' : '=', groupId)
    .execute()
}
