import { useRoute } from '../../routes.ts'
import { useCommand } from '../../commands/registry.ts'
import { useMadeSheet } from './made-sheet.ts'
import { openNewSheet } from './open-sheet.ts'
import { NewSheet } from './NewSheet.tsx'
import { SheetDetail } from './SheetDetail.tsx'
import { SheetList } from './SheetList.tsx'
import { SheetPreview } from './SheetPreview.tsx'

/** The list of sheets, one of them, or a new one and its preview. */
export function SheetsScreen() {
  const { item } = useRoute()
  const made = useMadeSheet()
  useCommand('sheets.new', openNewSheet)
  if (item === 'new') return made ? <SheetPreview key={made.sheet.id} made={made} /> : <NewSheet />
  const id = item === null ? NaN : Number(item)
  return Number.isSafeInteger(id) && id > 0 ? <SheetDetail key={id} id={id} /> : <SheetList />
}
