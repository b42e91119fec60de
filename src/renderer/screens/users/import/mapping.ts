import { importColumns, type ImportColumn, type ImportReading } from '../../../../shared/user.ts'
import { t } from '../../../words/index.ts'

export type Mapping = ImportReading['mapping']

/** What keeps the mapping from being used, in words; null when nothing does. */
export function mappingProblem(mapping: Mapping): string | null {
  const twice = importColumns.find((column) => mapping.filter((mapped) => mapped === column).length > 1)
  if (twice !== undefined) return t('import.mapping.twice', { column: t(`import.mapping.columns.${twice}`) })
  return mapping.includes('username') ? null : t('import.mapping.noUsername')
}

/** Gives a field of the file another column; a field that had that column before is left out instead. */
export function changeMapping(mapping: Mapping, field: number, column: ImportColumn | null): Mapping {
  return mapping.map((mapped, index) => (index === field ? column : mapped === column ? null : mapped))
}

/** The reading so far that comes with the error of a file whose header lacks something; null where none came. */
export function readingOf(details: unknown): ImportReading | null {
  if (typeof details !== 'object' || details === null) return null
  const { header, mapping, sample } = details as Partial<Record<keyof ImportReading, unknown>>
  return Array.isArray(header) && Array.isArray(mapping) && Array.isArray(sample) ? (details as ImportReading) : null
}
