import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { openNewSheet } from './open-sheet.ts'

export function NewSheetButton() {
  const { item } = useRoute()
  if (item === 'new') return null
  return (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={openNewSheet}>
      {t('sheets.newSheet')}
    </Button>
  )
}
