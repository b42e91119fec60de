import { Select } from '@mantine/core'
import { importColumns, type ImportReading } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'
import { changeMapping, type Mapping } from './mapping.ts'
import classes from './Import.module.css'

/** Values shown of each column, so that a person sees what is in it. */
const samples = 3
const leftOut = ''

/** For each column of the file what it becomes. */
export function MappingTable({
  reading,
  mapping,
  onChange
}: {
  reading: ImportReading
  mapping: Mapping
  onChange: (mapping: Mapping) => void
}) {
  const choices = [
    ...importColumns.map((column) => ({ value: column as string, label: t(`import.mapping.columns.${column}`) })),
    { value: leftOut, label: t('import.mapping.leaveOut') }
  ]
  return (
    <table className={classes.mapping}>
      <thead>
        <tr>
          <th scope="col">{t('import.mapping.inFile')}</th>
          <th scope="col">{t('import.mapping.becomes')}</th>
          <th scope="col">{t('import.mapping.sample')}</th>
        </tr>
      </thead>
      <tbody>
        {namedFields(reading).map(({ field, name, values }) => {
          return (
            <tr key={field}>
              <th scope="row">
                <bdi className={classes.cut} title={name}>
                  {name}
                </bdi>
              </th>
              <td>
                <Select
                  aria-label={t('import.mapping.becomesOf', { title: name })}
                  data={choices}
                  value={mapping[field] ?? leftOut}
                  allowDeselect={false}
                  comboboxProps={{ withinPortal: true }}
                  onChange={(value) =>
                    onChange(changeMapping(mapping, field, importColumns.find((column) => column === value) ?? null))
                  }
                />
              </td>
              <td>
                <span className={classes.samples} data-left-out={mapping[field] === null || undefined}>
                  {values.map(({ line, value }) => (
                    <bdi key={line} title={value}>
                      {value}
                    </bdi>
                  ))}
                </span>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The columns of the file, each with its first values; a column without a title goes by its number. */
function namedFields({ header, sample }: ImportReading) {
  return header.map((title, field) => ({
    field,
    name: title.trim() === '' ? t('import.mapping.unnamed', { number: field + 1 }) : title,
    values: sample.slice(0, samples).map((record, line) => ({ line, value: record[field] ?? '' }))
  }))
}
