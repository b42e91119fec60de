import { isLetterPart } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'

/** How many labels, or letters, of the stock. */
export function labelCount(part: string, count: number): string {
  return t(isLetterPart(part) ? 'sheets.letterCount' : 'sheets.count', { count })
}
