import { z } from 'zod'

export const framesType = 'application/octet-stream'
const headBytes = 4
const placeOfBytes = z.strictObject({ $bytes: z.tuple([z.int().min(0), z.int().min(0)]) })

/**
 * Writes a call whose files are large: the length of its JSON (four bytes, the highest first), the JSON, then the files as they
 * are. As base64 in the JSON, one near the limit would take its size several times over on either side.
 */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer>[] {
  const files: Uint8Array<ArrayBuffer>[] = []
  let end = 0
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key]
    if (!(original instanceof Uint8Array)) return member
    const start = end
    end += original.length
    files.push(original as Uint8Array<ArrayBuffer>)
    return { $bytes: [start, end] }
  })
  const json = new TextEncoder().encode(text)
  const head = new Uint8Array(headBytes)
  new DataView(head.buffer).setUint32(0, json.length)
  return [head, json, ...files]
}

/** Reads what `encodeFrame` wrote, also when a stranger wrote it; its files are parts of `frame`. Throws SyntaxError for another. */
export function decodeFrame(frame: Uint8Array): unknown {
  if (frame.length < headBytes) throw new SyntaxError('the frame is cut off')
  const startOfFiles = headBytes + new DataView(frame.buffer, frame.byteOffset).getUint32(0)
  if (startOfFiles > frame.length) throw new SyntaxError('the frame is cut off')
  const files = frame.subarray(startOfFiles)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(headBytes, startOfFiles))
  return JSON.parse(text, (key, member: unknown) => {
    if (key === '__proto__') throw new SyntaxError('a member is named __proto__')
    if (typeof member !== 'object' || member === null || !Object.hasOwn(member, '$bytes')) return member
    const place = placeOfBytes.safeParse(member)
    const [start, end] = place.data?.$bytes ?? [1, 0]
    if (start > end || end > files.length) throw new SyntaxError('$bytes stands for no bytes')
    return files.subarray(start, end)
  })
}
