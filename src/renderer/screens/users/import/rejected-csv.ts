import type { ImportRejection } from '../../../../shared/user.ts'
import { csvText } from '../../../csv.ts'

/** The rejected lines as a CSV file. */
export function rejectedCsv(rejected: readonly ImportRejection[]): string {
  const rows = rejected.map(({ line, column, reason }) => [String(line), column ?? '', reason])
  return csvText([['line', 'column', 'reason'], ...rows])
}
