import { Checkbox, NumberInput, Select } from '@mantine/core'
import { pageNames, stockProblem, type LabelStock, type StockEntry } from '../../../shared/sheet.ts'
import { t } from '../../words/index.ts'
import { gridChoice, ownChoice, type SheetForm } from './sheet-form.ts'
import classes from './Sheets.module.css'

/** Label stock by its part, a grid, or a geometry typed in. */
export function StockFields({
  form,
  stock,
  onChange
}: {
  form: SheetForm
  stock: readonly StockEntry[]
  onChange: (change: Partial<SheetForm>) => void
}) {
  const labelsOf = (page: string) =>
    stock
      .filter((entry) => entry.kind === 'labels' && entry.page === page)
      .map(({ part, widthMm: width, heightMm: height, columns, rows, maker }) => ({
        value: part,
        label: t('sheets.stock.option', {
          part: maker === '' ? part : `${part} (${maker})`,
          width,
          height,
          columns,
          rows
        })
      }))
  return (
    <>
      <Select
        label={t('sheets.stock.label')}
        data={[
          { group: t('sheets.stock.groupA4'), items: labelsOf('A4') },
          { group: t('sheets.stock.groupLetter'), items: labelsOf('Letter') },
          {
            group: t('sheets.stock.groupLetters'),
            items: [
              { value: 'letter-A4', label: t('sheets.stock.letterA4') },
              { value: 'letter-Letter', label: t('sheets.stock.letterLetter') }
            ]
          },
          {
            group: t('sheets.stock.groupPlain'),
            items: [
              { value: gridChoice, label: t('sheets.stock.grid') },
              { value: ownChoice, label: t('sheets.stock.own') }
            ]
          }
        ]}
        value={form.stock}
        onChange={(chosen) => onChange({ stock: chosen ?? form.stock, startAt: 1 })}
        allowDeselect={false}
        maxDropdownHeight={360}
      />
      {form.stock === gridChoice && <GridFields form={form} onChange={onChange} />}
      {form.stock === ownChoice && <OwnFields stock={form.own} onChange={(own) => onChange({ own, startAt: 1 })} />}
    </>
  )
}

function GridFields({ form, onChange }: { form: SheetForm; onChange: (change: Partial<SheetForm>) => void }) {
  const change = (grid: Partial<SheetForm['grid']>) => onChange({ grid: { ...form.grid, ...grid }, startAt: 1 })
  return (
    <div className={classes.fields}>
      <PageSelect value={form.grid.page} onChange={(page) => change({ page })} />
      <Whole
        label={t('sheets.stock.columns')}
        most={10}
        value={form.grid.columns}
        onChange={(columns) => change({ columns })}
      />
      <Whole label={t('sheets.stock.rows')} most={20} value={form.grid.rows} onChange={(rows) => change({ rows })} />
    </div>
  )
}

const lengths = ['widthMm', 'heightMm', 'leftMm', 'topMm', 'pitchXMm', 'pitchYMm'] as const
const lengthWords = {
  widthMm: 'sheets.stock.width',
  heightMm: 'sheets.stock.height',
  leftMm: 'sheets.stock.left',
  topMm: 'sheets.stock.top',
  pitchXMm: 'sheets.stock.pitchX',
  pitchYMm: 'sheets.stock.pitchY'
} as const

function OwnFields({ stock, onChange }: { stock: LabelStock; onChange: (stock: LabelStock) => void }) {
  const problem = stockProblem(stock)
  return (
    <>
      <div className={classes.fields}>
        <PageSelect value={stock.page} onChange={(page) => onChange({ ...stock, page })} />
        <Whole
          label={t('sheets.stock.columns')}
          most={20}
          value={stock.columns}
          onChange={(columns) => onChange({ ...stock, columns })}
        />
        <Whole
          label={t('sheets.stock.rows')}
          most={50}
          value={stock.rows}
          onChange={(rows) => onChange({ ...stock, rows })}
        />
        {lengths.map((name) => (
          <NumberInput
            key={name}
            size="xs"
            label={t(lengthWords[name])}
            suffix=" mm"
            min={0}
            max={500}
            step={0.1}
            decimalScale={2}
            value={stock[name]}
            onChange={(value) => onChange({ ...stock, [name]: Number(value) })}
          />
        ))}
      </div>
      <Checkbox
        label={t('sheets.stock.cutMarks')}
        checked={stock.cutMarks}
        onChange={(event) => onChange({ ...stock, cutMarks: event.currentTarget.checked })}
      />
      {problem !== null && (
        <p className={classes.wrong} role="alert">
          {problem}
        </p>
      )}
    </>
  )
}

function PageSelect({ value, onChange }: { value: LabelStock['page']; onChange: (page: LabelStock['page']) => void }) {
  return (
    <Select
      label={t('sheets.stock.page')}
      data={[...pageNames]}
      value={value}
      onChange={(chosen) => onChange(pageNames.find((page) => page === chosen) ?? value)}
      allowDeselect={false}
    />
  )
}

function Whole({
  label,
  value,
  most,
  onChange
}: {
  label: string
  value: number
  most: number
  onChange: (value: number) => void
}) {
  return (
    <NumberInput
      size="xs"
      label={label}
      min={1}
      max={most}
      clampBehavior="strict"
      allowDecimal={false}
      value={value}
      onChange={(given) => onChange(Math.max(1, Number(given)))}
    />
  )
}
