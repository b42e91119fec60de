import { AppError } from '../../shared/errors.ts'
import { leastModulePx, quietZoneModules } from '../../shared/qr.ts'
import type { QrMatrix } from './matrix.ts'

/**
 * Draws a QR code with its quiet zone, black on white, as an SVG document whose user unit is one module.
 * `moduleSize` sets the size it is shown at when nothing else does, CSS pixels a module, 4 if not given.
 */
export function renderQrSvg(matrix: QrMatrix, { moduleSize = leastModulePx }: { moduleSize?: number } = {}): string {
  if (!Number.isFinite(moduleSize) || moduleSize <= 0) {
    throw new AppError('invalid-input', 'The size of a module must be a number above 0.')
  }
  const side = matrix.size + 2 * quietZoneModules
  const shown = side * moduleSize
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${shown}" height="${shown}" shape-rendering="crispEdges">` +
    `<rect width="${side}" height="${side}" fill="#fff"/>` +
    `<path fill="#000" d="${drawRuns(matrix)}"/></svg>`
  )
}

/** A rectangle, one module high, for every run of black modules in a row. */
function drawRuns({ size, modules }: QrMatrix): string {
  let path = ''
  for (let row = 0; row < size; row++) {
    let column = 0
    while (column < size) {
      const start = column
      while (column < size && modules[row * size + column] === 1) column++
      const length = column - start
      if (length > 0) path += `M${start + quietZoneModules} ${row + quietZoneModules}h${length}v1h-${length}z`
      else column++
    }
  }
  return path
}
