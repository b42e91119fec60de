import { Autocomplete, Button, NumberInput } from '@mantine/core'
import { IconRulerMeasure } from '@tabler/icons-react'
import type { PrinterFit } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import { readPrinters } from './sheet-form.ts'
import classes from './Sheets.module.css'

/** How far off a printer prints; kept by its name at this desk. */
export function PrinterFields({
  printer,
  fit,
  onPrinter,
  onFit,
  onTestPage
}: {
  printer: string
  fit: PrinterFit
  onPrinter: (name: string) => void
  onFit: (fit: PrinterFit) => void
  onTestPage: () => void
}) {
  return (
    <>
      <div className={classes.row}>
        <Autocomplete
          size="xs"
          className={classes.grow}
          label={t('sheets.printer.name')}
          placeholder={t('sheets.printer.usual')}
          data={Object.keys(readPrinters()).filter((name) => name !== '')}
          value={printer}
          maxLength={60}
          onChange={onPrinter}
        />
        <Button variant="default" leftSection={<IconRulerMeasure size={15} aria-hidden />} onClick={onTestPage}>
          {t('sheets.printer.test')}
        </Button>
      </div>
      <div className={classes.fields}>
        <NumberInput
          size="xs"
          label={t('sheets.printer.offsetX')}
          suffix=" mm"
          min={-15}
          max={15}
          step={0.5}
          decimalScale={2}
          value={fit.offsetXMm}
          onChange={(value) => onFit({ ...fit, offsetXMm: within(value, -15, 15, 0) })}
        />
        <NumberInput
          size="xs"
          label={t('sheets.printer.offsetY')}
          suffix=" mm"
          min={-15}
          max={15}
          step={0.5}
          decimalScale={2}
          value={fit.offsetYMm}
          onChange={(value) => onFit({ ...fit, offsetYMm: within(value, -15, 15, 0) })}
        />
        <NumberInput
          size="xs"
          label={t('sheets.printer.scale')}
          suffix=" %"
          min={90}
          max={110}
          step={0.1}
          decimalScale={2}
          value={fit.scalePercent}
          onChange={(value) => onFit({ ...fit, scalePercent: within(value, 90, 110, 100) })}
        />
      </div>
      <p className={classes.hint}>{t('sheets.printer.note')}</p>
    </>
  )
}

/** While a number is being typed it may be none. */
function within(value: string | number, least: number, most: number, otherwise: number): number {
  const number = value === '' || value === '-' ? otherwise : Number(value)
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : otherwise
}
