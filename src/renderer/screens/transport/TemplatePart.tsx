import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { templateKinds, type Template, type TemplateContent, type TemplateKind } from '../../../shared/template.ts'
import { ask, bridge } from '../../bridge.ts'
import { EditForm, type Saved } from '../../components/form/EditForm.tsx'
import type { StoredFields } from '../../components/form/draft.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { queries, queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { RestoreTemplate, saveTemplate } from './RestoreTemplate.tsx'
import { TemplateEditor } from './TemplateEditor.tsx'
import { templateQuery } from './transport-queries.ts'
import { showPlace } from './transport-route.ts'
import classes from './Transport.module.css'

/** One template: what the mail says, beside the mail that comes of it. */
export function TemplatePart({ kind, group }: { kind: TemplateKind; group: string | null }) {
  const { data, error, isError, refetch } = useQuery(templateQuery(kind, group))
  return (
    <>
      <Which kind={kind} group={group} template={data ?? null} />
      {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !isError && <LoadingState />}
      {data && <OneTemplate key={`${kind} ${group}`} kind={kind} group={group} template={data} />}
    </>
  )
}

function OneTemplate({ kind, group, template }: { kind: TemplateKind; group: string | null; template: Template }) {
  const save = async (changes: Record<string, unknown>): Promise<Saved> => {
    const before = contentOf(template)
    const wasOwn = template.group === group
    await saveTemplate(kind, group, { ...before, ...changes })
    const undo = async () => {
      if (wasOwn) await saveTemplate(kind, group, before)
      else await ask(bridge.templates.reset({ kind, group }))
      await queryClient.invalidateQueries({ queryKey: ['templates'] })
    }
    return { text: t('transport.templates.saved'), undo: () => void undo() }
  }
  return (
    <div className={classes.form}>
      <EditForm stored={storedOf(template)} defaults={noText} check={reasonAgainst} save={save}>
        <TemplateEditor kind={kind} group={group} />
      </EditForm>
    </div>
  )
}

/** Null is a text part that is made from the HTML. */
const noText = { text: null }

function storedOf({ subject, html, text }: Template): StoredFields {
  return {
    subject: { value: subject, isDefault: false },
    html: { value: html, isDefault: false },
    text: { value: text, isDefault: text === null }
  }
}

function contentOf({ subject, html, text }: Template): TemplateContent {
  return { subject, html, text }
}

/** The rest is said by the console, which knows the keywords. */
function reasonAgainst(name: string, value: unknown): string | null {
  return name === 'subject' && typeof value === 'string' && value.trim() === ''
    ? t('transport.templates.missing')
    : null
}

function Which({ kind, group, template }: { kind: TemplateKind; group: string | null; template: Template | null }) {
  const { data: groups } = useQuery(queries.groups)
  const names = (groups ?? []).map(({ name }) => name)
  // The link goes to whoever asks for it, before their group is looked at: there is one for all.
  const hasGroups = kind !== 'link' && names.length > 0
  return (
    <div className={classes.which}>
      <Select
        aria-label={t('transport.templates.which')}
        data={templateKinds.map((each) => ({ value: each, label: t(`transport.templates.kinds.${each}`) }))}
        value={kind}
        allowDeselect={false}
        w={160}
        onChange={(value) =>
          showPlace({
            part: 'templates',
            kind: templateKinds.find((each) => each === value) ?? 'code',
            group: value === 'link' ? null : group
          })
        }
      />
      {hasGroups && (
        <Select
          aria-label={t('transport.templates.group')}
          data={[
            { value: '', label: t('transport.templates.everybody') },
            ...names.map((name) => ({ value: name, label: name }))
          ]}
          value={group ?? ''}
          allowDeselect={false}
          searchable
          w={180}
          onChange={(value) => showPlace({ part: 'templates', kind, group: value === '' ? null : value })}
        />
      )}
      <span className={classes.whichNote}>{noteOn(kind, group, template)}</span>
      {template && <RestoreTemplate kind={kind} group={group} template={template} />}
    </div>
  )
}

function noteOn(kind: TemplateKind, group: string | null, template: Template | null): string {
  if (template === null) return ''
  const about =
    group === null
      ? t(`transport.templates.kindNotes.${kind}`)
      : t(template.group === null ? 'transport.templates.groupUsesGeneral' : 'transport.templates.groupHasOwn', {
          group
        })
  return template.shipped === null ? about : `${about} ${t(`transport.templates.shipped.${template.shipped}`)}`
}
