import { AppError } from '../../shared/errors.ts'
import { advisedModuleMm, leastModulePx, mostModulePx, quietZoneModules, refusedModuleMm } from '../../shared/qr.ts'
import type { QrMatrix } from './matrix.ts'

type Sized = Pick<QrMatrix, 'size'>

/** Good, small enough for a warning, or too small to be printed. */
export type PrintedModule = 'good' | 'small' | 'refused'

// Widths come from divisions, so a width that is exactly the least one must not fail in the last binary digit.
const toleranceMm = 1e-9

const sideModules = (matrix: Sized): number => matrix.size + 2 * quietZoneModules

/** Millimetres a module when the code, with its quiet zone, is printed `printedWidthMm` wide. */
export function moduleMmFor(matrix: Sized, printedWidthMm: number): number {
  return printedWidthMm / sideModules(matrix)
}

export function checkPrintedModule(moduleMm: number): PrintedModule {
  if (moduleMm >= advisedModuleMm - toleranceMm) return 'good'
  // Anything that is not a number, too, ends as refused.
  return moduleMm >= refusedModuleMm - toleranceMm ? 'small' : 'refused'
}

/** Whether the code may be printed that wide (with its quiet zone): `good` or `small`, else throws `qr-too-small`. */
export function requirePrintable(matrix: Sized, printedWidthMm: number): Exclude<PrintedModule, 'refused'> {
  const moduleMm = moduleMmFor(matrix, printedWidthMm)
  const verdict = checkPrintedModule(moduleMm)
  if (verdict !== 'refused') return verdict
  const leastWidthMm = widthMmFor(matrix, refusedModuleMm)
  const advisedWidthMm = widthMmFor(matrix, advisedModuleMm)
  throw new AppError(
    'qr-too-small',
    `Printed ${printedWidthMm.toFixed(1)} mm wide, the QR code would have ${moduleMm.toFixed(2)} mm a module, which phones cannot read; ` +
      `it takes at least ${leastWidthMm} mm with its white border, better ${advisedWidthMm} mm, or a shorter text.`,
    { moduleMm, leastWidthMm, advisedWidthMm }
  )
}

/** The most whole pixels a module (4 to 20) with which the code and its quiet zone fit into `availablePx`; throws `qr-too-small` below 4. */
export function scaleForScreen(matrix: Sized, availablePx: number): number {
  const scale = Math.floor(availablePx / sideModules(matrix))
  if (scale >= leastModulePx) return Math.min(scale, mostModulePx)
  const leastPx = sideModules(matrix) * leastModulePx
  throw new AppError(
    'qr-too-small',
    `The QR code needs ${leastPx} pixels with its white border and has ${Math.floor(availablePx)}; give it more room or shorten its text.`,
    { leastPx }
  )
}

/** Rounded up to a tenth of a millimetre, so that the width which a message names is accepted. */
function widthMmFor(matrix: Sized, moduleMm: number): number {
  return Math.ceil((sideModules(matrix) * moduleMm - toleranceMm) * 10) / 10
}
