/** The largest picture that is taken, of 50 megapixels, needs 400 MB; a thread's own limits do not count what a decoder takes. */
const maxDecoderBytes = 768 * 1024 * 1024

const pageBytes = 65_536

/** As much of `WebAssembly.Memory`, which the types of Node lack, as is needed here. */
interface GrowingMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}
declare const WebAssembly: { Memory: { prototype: GrowingMemory } }

/** From now on no WebAssembly memory of this thread grows past the limit: the program inside is told that there is no more. */
export function capDecoderMemory(maxBytes = maxDecoderBytes): void {
  const { prototype } = WebAssembly.Memory
  const { grow } = prototype
  prototype.grow = function (this: GrowingMemory, pages: number) {
    if (this.buffer.byteLength + pages * pageBytes > maxBytes) {
      throw new RangeError('the decoder may take no more memory')
    }
    return grow.call(this, pages)
  }
}
