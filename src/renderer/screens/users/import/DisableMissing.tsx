import { Checkbox, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../../../queries.ts'
import { t } from '../../../words/index.ts'
import { searchGroupsFrom } from '../../groups/search-from.ts'
import classes from './Import.module.css'

/** Whose users the file names in full, so that whoever is missing from it has left. */
export function DisableMissing({
  value,
  onChange
}: {
  value: string | null
  onChange: (group: string | null) => void
}) {
  const { data: groups = [] } = useQuery(queries.groups)
  return (
    <div className={classes.missing}>
      <Checkbox
        label={t('import.leavers.option')}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? '' : null)}
      />
      {value !== null && (
        <Select
          aria-label={t('import.leavers.group')}
          placeholder={t('import.leavers.choose')}
          w={220}
          data={groups.map(({ name }) => name)}
          value={value === '' ? null : value}
          searchable={groups.length >= searchGroupsFrom}
          allowDeselect={false}
          onChange={(group) => onChange(group ?? '')}
        />
      )}
    </div>
  )
}
