import { Checkbox, TextInput } from '@mantine/core'
import { sheetLines } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import type { SheetForm } from './sheet-form.ts'
import classes from './Sheets.module.css'

/** What stands beside the code. */
export function LineFields({ form, onChange }: { form: SheetForm; onChange: (change: Partial<SheetForm>) => void }) {
  return (
    <>
      <div className={classes.checks}>
        {sheetLines.map((line) => (
          <Checkbox
            key={line}
            label={t(`sheets.lines.names.${line}`)}
            checked={form.lines.includes(line)}
            onChange={(event) => {
              const isWanted = event.currentTarget.checked
              onChange({ lines: sheetLines.filter((each) => (each === line ? isWanted : form.lines.includes(each))) })
            }}
          />
        ))}
      </div>
      {form.lines.includes('help') && (
        <TextInput
          label={t('sheets.lines.helpText')}
          maxLength={200}
          value={form.helpText}
          onChange={(event) => onChange({ helpText: event.currentTarget.value })}
        />
      )}
    </>
  )
}
