import type * as Pngjs from 'pngjs'
import type * as JpegJs from 'jpeg-js'
import { loadLate } from '../system/late-module.ts'
import type { Point } from '../qr/decode.ts'

const jpegJs = loadLate((require) => require('jpeg-js') as typeof JpegJs)
const pngjs = loadLate((require) => require('pngjs') as typeof Pngjs)

/** Brightness a pixel, row by row from the top left. */
export interface GreyBitmap {
  width: number
  height: number
  luminance: Uint8Array
}

/** A larger picture is read but not measured: unfolding it here would take seconds during which nothing else is done. */
const mostMeasuredPixels = 12_000_000

/** The pixels of a PNG or JPEG file that was found to be readable; null where they are not to be had. Transparency is white. */
export function readGreyBitmap(bytes: Uint8Array, size: { widthPx: number; heightPx: number }): GreyBitmap | null {
  if (size.widthPx * size.heightPx > mostMeasuredPixels) return null
  try {
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const picture =
      file[0] === 0x89
        ? pngjs().PNG.sync.read(file)
        : file[0] === 0xff
          ? jpegJs().decode(file, {
              useTArray: true,
              maxResolutionInMP: 12,
              maxMemoryUsageInMB: 256,
              tolerantDecoding: true
            })
          : null
    return picture && toGrey(picture)
  } catch {
    // The decoder of QR codes forgives more than these do.
    return null
  }
}

function toGrey({ width, height, data }: { width: number; height: number; data: Uint8Array }): GreyBitmap {
  const luminance = new Uint8Array(width * height)
  for (let index = 0; index < luminance.length; index++) {
    const at = index * 4
    const opacity = (data[at + 3] ?? 255) / 255
    const bright = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
    luminance[index] = Math.round(bright * opacity + 255 * (1 - opacity))
  }
  return { width, height, luminance }
}

/** Brightness between the pixels around a place; null outside the picture. */
export function sampleAt({ width, height, luminance }: GreyBitmap, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x > width || y > height) return null
  const clampedX = Math.min(Math.max(x - 0.5, 0), width - 1)
  const clampedY = Math.min(Math.max(y - 0.5, 0), height - 1)
  const left = Math.floor(clampedX)
  const top = Math.floor(clampedY)
  const right = Math.min(left + 1, width - 1)
  const bottom = Math.min(top + 1, height - 1)
  const shareX = clampedX - left
  const shareY = clampedY - top
  const at = (column: number, row: number) => luminance[row * width + column] ?? 255
  const upper = at(left, top) * (1 - shareX) + at(right, top) * shareX
  const lower = at(left, bottom) * (1 - shareX) + at(right, bottom) * shareX
  return upper * (1 - shareY) + lower * shareY
}

/** Where a point of the unit square lies in a quadrilateral seen in perspective. */
export type Projection = (u: number, v: number) => Point

/** Corners in the order of the unit square's (0,0), (1,0), (1,1), (0,1). After P. Heckbert, “Fundamentals of Texture Mapping”, 1989. */
export function projectTo([p0, p1, p2, p3]: readonly [Point, Point, Point, Point]): Projection {
  const dx1 = p1.x - p2.x
  const dx2 = p3.x - p2.x
  const dx3 = p0.x - p1.x + p2.x - p3.x
  const dy1 = p1.y - p2.y
  const dy2 = p3.y - p2.y
  const dy3 = p0.y - p1.y + p2.y - p3.y
  const determinant = dx1 * dy2 - dx2 * dy1
  const g = determinant === 0 ? 0 : (dx3 * dy2 - dx2 * dy3) / determinant
  const h = determinant === 0 ? 0 : (dx1 * dy3 - dx3 * dy1) / determinant
  const a = p1.x - p0.x + g * p1.x
  const b = p3.x - p0.x + h * p3.x
  const d = p1.y - p0.y + g * p1.y
  const e = p3.y - p0.y + h * p3.y
  return (u, v) => {
    const w = g * u + h * v + 1
    return { x: (a * u + b * v + p0.x) / w, y: (d * u + e * v + p0.y) / w }
  }
}

/** A new bitmap, each of whose pixels is fetched from a place of the old one; outside it is white. */
export function resample(
  bitmap: GreyBitmap,
  width: number,
  height: number,
  from: (x: number, y: number) => Point
): GreyBitmap {
  const luminance = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = from(x + 0.5, y + 0.5)
      luminance[y * width + x] = Math.round(sampleAt(bitmap, place.x, place.y) ?? 255)
    }
  }
  return { width, height, luminance }
}

/** Mean over a square of `2 × radiusPx + 1` pixels, done twice, which is near enough to a lens out of focus. */
export function blur(bitmap: GreyBitmap, radiusPx: number): GreyBitmap {
  let { luminance } = bitmap
  for (let pass = 0; pass < 2; pass++)
    luminance = blurRows(blurRows(luminance, bitmap, radiusPx, 1), bitmap, radiusPx, 0)
  return { ...bitmap, luminance }
}

function blurRows(
  luminance: Uint8Array,
  { width, height }: { width: number; height: number },
  radiusPx: number,
  isHorizontal: 0 | 1
): Uint8Array {
  const blurred = new Uint8Array(luminance.length)
  const [length, lines, step, lineStep] = isHorizontal ? [width, height, 1, width] : [height, width, width, 1]
  for (let line = 0; line < lines; line++) {
    for (let place = 0; place < length; place++) {
      let sum = 0
      let pixels = 0
      for (let offset = Math.max(0, place - radiusPx); offset <= Math.min(length - 1, place + radiusPx); offset++) {
        sum += luminance[line * lineStep + offset * step] ?? 255
        pixels++
      }
      blurred[line * lineStep + place * step] = Math.round(sum / pixels)
    }
  }
  return blurred
}

/** Shrinks by taking the mean of the pixels that fall into one, as mail readers do. */
export function shrink(bitmap: GreyBitmap, factor: number): GreyBitmap {
  const width = Math.max(1, Math.floor(bitmap.width * factor))
  const height = Math.max(1, Math.floor(bitmap.height * factor))
  const luminance = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) luminance[y * width + x] = meanOf(bitmap, x / factor, y / factor, 1 / factor)
  }
  return { width, height, luminance }
}

function meanOf({ width, height, luminance }: GreyBitmap, left: number, top: number, side: number): number {
  let sum = 0
  let weights = 0
  for (let y = Math.floor(top); y < Math.min(height, top + side); y++) {
    const shareY = Math.min(y + 1, top + side) - Math.max(y, top)
    for (let x = Math.floor(left); x < Math.min(width, left + side); x++) {
      const weight = shareY * (Math.min(x + 1, left + side) - Math.max(x, left))
      sum += (luminance[y * width + x] ?? 255) * weight
      weights += weight
    }
  }
  return weights === 0 ? 255 : Math.round(sum / weights)
}
