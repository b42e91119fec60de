import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import type { SheetForm } from './sheet-form.ts'
import classes from './Sheets.module.css'

export function WhoFields({
  form,
  selectedCount,
  onChange
}: {
  form: SheetForm
  selectedCount: number | null
  onChange: (change: Partial<SheetForm>) => void
}) {
  const { data: groups } = useQuery(queries.groups)
  return (
    <div className={classes.row}>
      <Select
        className={classes.grow}
        label={t('sheets.who.label')}
        data={[
          ...(selectedCount === null
            ? []
            : [{ value: 'selected', label: t('sheets.who.selected', { count: selectedCount }) }]),
          { value: 'everybody', label: t('sheets.who.everybody') },
          ...(groups ?? []).map(({ name }) => ({ value: `group:${name}`, label: t('sheets.who.group', { name }) }))
        ]}
        value={form.who}
        onChange={(who) => onChange({ who: who ?? form.who })}
        allowDeselect={false}
      />
      {form.who !== 'selected' && (
        <Select
          className={classes.grow}
          label={t('sheets.who.state')}
          data={[
            { value: 'any', label: t('sheets.who.anyState') },
            { value: 'noApp', label: t('sheets.who.noApp') },
            { value: 'noLiveCode', label: t('sheets.who.noLiveCode') }
          ]}
          value={form.only}
          onChange={(only) => onChange({ only: only === 'noApp' || only === 'noLiveCode' ? only : 'any' })}
          allowDeselect={false}
        />
      )}
    </div>
  )
}
