import type { ScanQuality, ScanTrial } from '../../shared/diagnostics.ts'
import { leastModulePx, quietZoneModules } from '../../shared/qr.ts'
import { decodeQrBitmap, type QrSymbol } from '../qr/decode.ts'
import { blur, projectTo, resample, sampleAt, shrink, type GreyBitmap, type Projection } from './bitmap.ts'

/** Below this difference of black and white, ISO/IEC 15415 grades a symbol D or worse; scanners give up soon after. */
const poorContrast = 0.4
const fairContrast = 0.55
/** Damage that takes half of the error correction leaves little for glare and creases. */
const fairDamage = 0.25
const poorDamage = 0.6

/** What was measured of a code, before it is judged. */
type Measured = Omit<ScanQuality, 'verdict' | 'advice'>

/** How well a code scans. Without the picture's pixels only size and damage can be told. */
export async function measureScan(symbol: QrSymbol, bitmap: GreyBitmap | null): Promise<ScanQuality> {
  const measured: Measured = {
    modulePx: moduleWidth(symbol),
    damage: 1 - symbol.correctionLeft,
    isInverted: symbol.isInverted,
    isMirrored: symbol.isMirrored,
    ...(bitmap === null ? { contrast: null, quietZoneModules: null, trials: [] } : await lookAt(symbol, bitmap))
  }
  return { ...measured, ...judge(measured, bitmap !== null) }
}

function moduleWidth({ corners, size }: QrSymbol): number {
  const sides = corners.map((corner, index) => {
    const next = corners[(index + 1) % 4] ?? corner
    return Math.hypot(next.x - corner.x, next.y - corner.y)
  })
  return sides.reduce((sum, side) => sum + side, 0) / 4 / size
}

async function lookAt(symbol: QrSymbol, bitmap: GreyBitmap) {
  const project = projectTo(symbol.corners)
  const { dark, light } = brightness(symbol, bitmap, project)
  return {
    contrast: Math.max(0, (light - dark) / 255),
    quietZoneModules: symbol.isInverted ? null : quietZone(symbol, bitmap, project, (dark + light) / 2),
    trials: await tryOut(symbol, bitmap, project)
  }
}

/** Mean brightness of the middles of dark and of light modules, told apart at the middle between the extremes. */
function brightness({ size }: QrSymbol, bitmap: GreyBitmap, project: Projection): { dark: number; light: number } {
  const samples: number[] = []
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const { x, y } = project((column + 0.5) / size, (row + 0.5) / size)
      const sample = sampleAt(bitmap, x, y)
      if (sample !== null) samples.push(sample)
    }
  }
  samples.sort((a, b) => a - b)
  const middle =
    ((samples[Math.floor(samples.length * 0.05)] ?? 0) + (samples[Math.floor(samples.length * 0.95)] ?? 255)) / 2
  return {
    dark: mean(samples.filter((sample) => sample < middle)),
    light: mean(samples.filter((sample) => sample >= middle))
  }
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Counts light rings around the code, up to the four that are asked for; the picture's edge ends them. */
function quietZone({ size }: QrSymbol, bitmap: GreyBitmap, project: Projection, threshold: number): number {
  for (let ring = 1; ring <= quietZoneModules; ring++) {
    const near = (0.5 - ring) / size
    const far = 1 - near
    let dark = 0
    let all = 0
    for (let place = -ring; place < size + ring; place++) {
      const along = (place + 0.5) / size
      for (const [u, v] of [
        [along, near],
        [along, far],
        [near, along],
        [far, along]
      ] as const) {
        const { x, y } = project(u, v)
        const sample = sampleAt(bitmap, x, y)
        if (sample === null || sample < threshold) dark++
        all++
      }
    }
    // A speck or a fold is not the end of the border; a line of text or a frame is.
    if (dark > all * 0.04) return ring - 1
  }
  return quietZoneModules
}

/** Pixels a module of the cut-out that is spoilt: what a phone's camera has of a code that fills its view. */
const trialModulePx = 6

async function tryOut(symbol: QrSymbol, bitmap: GreyBitmap, project: Projection): Promise<ScanQuality['trials']> {
  const cut = cutOut(symbol, bitmap, project)
  const spoilt: Record<ScanTrial, GreyBitmap> = {
    blurred: blur(cut, Math.round(trialModulePx / 3)),
    shrunk: shrink(cut, 2 / trialModulePx),
    tilted: tilt(cut)
  }
  const trials: ScanQuality['trials'] = []
  for (const [trial, picture] of Object.entries(spoilt) as [ScanTrial, GreyBitmap][]) {
    trials.push({ trial, reads: (await decodeQrBitmap(picture)) === symbol.text })
  }
  return trials
}

/** The code with what stands around it, squared and brought to one scale; no sharper than it is. */
function cutOut({ size }: QrSymbol, bitmap: GreyBitmap, project: Projection): GreyBitmap {
  const side = (size + 2 * quietZoneModules) * trialModulePx
  const toUnit = (pixel: number) => (pixel / trialModulePx - quietZoneModules) / size
  return resample(bitmap, side, side, (x, y) => project(toUnit(x), toUnit(y)))
}

/** As a sheet is seen that lies on a table before the one who scans: the far edge three quarters as long as the near one. */
export function tilt(bitmap: GreyBitmap, share = 0.125): GreyBitmap {
  const { width, height } = bitmap
  const project = projectTo([
    { x: -share * width, y: 0 },
    { x: (1 + share) * width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height }
  ])
  return resample(bitmap, width, Math.round(height * 0.8), (x, y) => project(x / width, y / (height * 0.8)))
}

function judge(measured: Measured, isMeasured: boolean): Pick<ScanQuality, 'verdict' | 'advice'> {
  const { modulePx, contrast, quietZoneModules: border, damage, trials } = measured
  const poor: string[] = []
  const weak: string[] = []
  const fails = (trial: ScanTrial) => trials.some((one) => one.trial === trial && !one.reads)

  const pixels = modulePx.toFixed(1)
  const enlarge = `It has ${pixels} pixels a module; show it larger or photograph it nearer, until it has at least ${leastModulePx}.`
  if (modulePx < 2) poor.push(enlarge)
  else if (modulePx < leastModulePx - 0.2) weak.push(enlarge)
  if (contrast !== null && contrast < fairContrast) {
    const percent = Math.round(contrast * 100)
    const sentence = `Black and white differ by ${percent} % only; print it darker, or turn up the screen and avoid glare.`
    ;(contrast < poorContrast ? poor : weak).push(sentence)
  }
  if (border !== null && border < quietZoneModules) {
    const sentence = `Its white border is ${border} modules wide and should be ${quietZoneModules}; keep text, frames and dark backgrounds away from it.`
    ;(border < 2 ? poor : weak).push(sentence)
  }
  if (damage > fairDamage) {
    const sentence = `Damage takes up ${Math.round(damage * 100)} % of its error correction; print it anew, flat and without folds or stains.`
    ;(damage > poorDamage ? poor : weak).push(sentence)
  }
  if (measured.isInverted) weak.push('It is light on dark, which many scanners do not read; draw it black on white.')
  if (measured.isMirrored) weak.push('It is mirrored, which many scanners do not read; turn the picture over.')
  if (fails('blurred'))
    weak.push('It no longer reads when slightly out of focus; it needs larger modules or more contrast.')
  if (fails('shrunk')) weak.push('It no longer reads when shown at two pixels a module; do not let it be scaled down.')
  if (fails('tilted')) weak.push('It no longer reads when seen at a slant; hold the phone straight above it.')
  if (!isMeasured)
    weak.push('Contrast and border are measured in PNG and JPEG pictures of up to 12 megapixels; this is another.')
  const verdict = poor.length > 0 ? 'poor' : weak.length > 0 ? 'weak' : 'good'
  return { verdict, advice: [...poor, ...weak] }
}
