import { blur, projectTo, resample, shrink, type GreyBitmap } from '../../../src/main/diagnostics/bitmap.ts'
import { decodeQrBitmap } from '../../../src/main/qr/decode.ts'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'

/** Draws a text as a phone would see it on a screen: on a grey desk, with its white border. */
export function drawText(text: string, modulePx: number): GreyBitmap {
  const matrix = createQrMatrix(text)
  const side = (matrix.size + 8) * modulePx
  const desk = Math.round(side * 0.25)
  const width = side + 2 * desk
  const luminance = new Uint8Array(width * width).fill(150)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const row = Math.floor(y / modulePx) - 4
      const column = Math.floor(x / modulePx) - 4
      const isInside = row >= 0 && column >= 0 && row < matrix.size && column < matrix.size
      const isDark = isInside && matrix.modules[row * matrix.size + column] === 1
      luminance[(y + desk) * width + x + desk] = isDark ? 10 : 250
    }
  }
  return { width, height: width, luminance }
}

/** A number from 0 to below 1 that depends on its seed alone. */
function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a hasty photograph does: turned, seen at a slant, out of focus, faint, noisy, and shrunk. Each seed is another picture. */
export function distort(bitmap: GreyBitmap, modulePx: number, seed: number): GreyBitmap {
  const random = randomFrom(seed)
  const between = (least: number, most: number) => least + (most - least) * random()
  const { width, height } = bitmap
  const angle = between(-Math.PI, Math.PI)
  const slant = between(0, 0.22)
  const corner = (u: number, v: number, pull: number) => {
    const x = (u - 0.5) * width * (1 + pull)
    const y = (v - 0.5) * height * (1 + pull)
    return {
      x: width / 2 + x * Math.cos(angle) - y * Math.sin(angle),
      y: height / 2 + x * Math.sin(angle) + y * Math.cos(angle)
    }
  }
  const project = projectTo([
    corner(0, 0, slant),
    corner(1, 0, slant * between(0, 1)),
    corner(1, 1, 0),
    corner(0, 1, 0)
  ])
  let picture = resample(bitmap, width, height, (x, y) => project(x / width, y / height))
  picture = blur(picture, Math.round(between(0, 0.5) * modulePx))
  const contrast = between(0.25, 1)
  const brightness = between(0, 255 * (1 - contrast))
  const noise = between(0, 20)
  const luminance = picture.luminance.map((value) =>
    Math.min(255, Math.max(0, Math.round(value * contrast + brightness + (random() - 0.5) * noise)))
  )
  return shrink({ ...picture, luminance }, between(2.4, modulePx) / modulePx)
}

/** How many of the pictures were read rightly, and how many said something else than their text. */
export async function readDistorted(pictures: number): Promise<{ read: number; wrong: number }> {
  const modulePx = 6
  let read = 0
  let wrong = 0
  for (let seed = 1; seed <= pictures; seed++) {
    const text = `https://portal.example.com:8443/userportal/complete/${100_000_000 + seed}/user${seed}/ABCDE${10_000 + seed}`
    const found = await decodeQrBitmap(distort(drawText(text, modulePx), modulePx, seed))
    if (found === text) read++
    else if (found !== null) wrong++
  }
  return { read, wrong }
}
