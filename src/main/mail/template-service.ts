import { AppError } from '../../shared/errors.ts'
import {
  templateKinds,
  type ShippedVariant,
  type Template,
  type TemplateContent,
  type TemplateFinding,
  type TemplateKind
} from '../../shared/template.ts'
import type { Act } from '../system/operation.ts'
import { checkTemplateAside } from '../aside/templates.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import { findGroup } from '../groups/group-store.ts'
import { shippedVariantOf, type ShippedTemplates } from './shipped-templates.ts'
import { deleteTemplate, findTemplateRow, listTemplateRows, putTemplate } from './template-store.ts'
import type { TransportService } from './transport-service.ts'

export interface TemplateService {
  /** The general one of each kind, and every group's own. */
  list(): Promise<Template[]>
  /** What the users of a group get: its own, else the general one, else the shipped one. */
  get(kind: TemplateKind, group: string | null): Promise<Template>
  /** The same by the group's id, for mails. */
  contentFor(db: Db, kind: TemplateKind, groupId: number | null): Promise<TemplateContent>
  /** Throws `template-invalid` with the problems. */
  set(kind: TemplateKind, group: string | null, content: TemplateContent, act: Act): Promise<Template>
  reset(kind: TemplateKind, group: string | null, variant: ShippedVariant | undefined, act: Act): Promise<Template>
  validate(kind: TemplateKind, group: string | null, content: TemplateContent): Promise<TemplateFinding>
}

export function createTemplateService(
  db: Db,
  time: Timekeeper,
  audit: AuditLog,
  shipped: ShippedTemplates,
  transports: TransportService
): TemplateService {
  const requireGroup = async (name: string) => {
    const row = await findGroup(db, foldCase(name.trim()))
    if (!row) throw new AppError('group-not-found', `There is no group “${name}”.`)
    return row
  }
  const show = (
    kind: TemplateKind,
    group: string | null,
    content: TemplateContent,
    updatedAtMs: number | null
  ): Template => ({
    kind,
    group,
    subject: content.subject,
    html: content.html,
    text: content.text,
    shipped: shippedVariantOf(shipped, kind, content),
    updatedAtMs
  })
  const contentFor = async (from: Db, kind: TemplateKind, groupId: number | null) => {
    const own = groupId === null ? undefined : await findTemplateRow(from, kind, groupId)
    return own ?? (await findTemplateRow(from, kind, null)) ?? shipped(kind, 'designed')
  }
  const get = async (kind: TemplateKind, groupName: string | null) => {
    const group = groupName === null ? null : await requireGroup(groupName)
    const own = group && (await findTemplateRow(db, kind, group.id))
    if (own) return show(kind, group.name, own, own.updated_at_ms)
    const general = await findTemplateRow(db, kind, null)
    return show(kind, null, general ?? shipped(kind, 'designed'), general?.updated_at_ms ?? null)
  }
  const isHtmlSent = async (group: string | null) => {
    const name = group === null ? 'default' : (await requireGroup(group)).transport
    const known = (await transports.list()).find((one) => one.name === name)
    return known?.html ?? true
  }
  const validate = async (kind: TemplateKind, group: string | null, content: TemplateContent) =>
    checkTemplateAside(kind, content, await isHtmlSent(group))

  return {
    async list() {
      const rows = await listTemplateRows(db)
      const general = templateKinds.map((kind) => {
        const row = rows.find((one) => one.kind === kind && one.group_id === null)
        return show(kind, null, row ?? shipped(kind, 'designed'), row?.updated_at_ms ?? null)
      })
      const own = rows
        .filter(({ group_id }) => group_id !== null)
        .map((row) => show(row.kind, row.group_name, row, row.updated_at_ms))
      return [...general, ...own]
    },
    get,
    contentFor,
    async set(kind, groupName, content, act) {
      const group = groupName === null ? null : await requireGroup(groupName)
      const { problems } = await validate(kind, groupName, content)
      const errors = problems.filter(({ severity }) => severity === 'error')
      const [first] = errors
      if (first) {
        const where = first.line > 1 || first.column > 1 ? `, line ${first.line}` : ''
        throw new AppError(
          'template-invalid',
          `The template cannot be used (${first.part}${where}): ${first.message}`,
          {
            problems: errors
          }
        )
      }
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        await putTemplate(transaction, kind, group?.id ?? null, content, nowMs)
        const detail = { kind, ...(group && { group: group.name }) }
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'template.changed', detail })
      })
      return get(kind, groupName)
    },
    async reset(kind, groupName, variant, act) {
      const group = groupName === null ? null : await requireGroup(groupName)
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        await deleteTemplate(transaction, kind, group?.id ?? null)
        const isKept = variant !== undefined && (group !== null || variant !== 'designed')
        if (isKept) await putTemplate(transaction, kind, group?.id ?? null, shipped(kind, variant), nowMs)
        const detail = { kind, ...(group && { group: group.name }), ...(variant && { variant }) }
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'template.reset', detail })
      })
      return get(kind, groupName)
    },
    validate
  }
}
