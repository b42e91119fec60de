/** The `base64` methods of Uint8Array that newer engines have (ECMAScript 2026). */
interface NativeBase64 {
  toBase64?: () => string
}
interface NativeBase64Constructor {
  fromBase64?: (text: string) => Uint8Array
}

/** Arguments of one `String.fromCharCode` call: engines take tens of thousands, not millions. */
const chunkBytes = 0x8000

/**
 * Writes a call or an answer as JSON; each Uint8Array in it becomes `{"$bytes":"BASE64"}`. Throws TypeError for an object
 * that has a member `$bytes` of its own.
 */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, member: unknown) {
    // A Buffer's own toJSON has run before this function is called, so its bytes are taken from where it stands.
    const original = this[key]
    if (original instanceof Uint8Array) return { $bytes: toBase64(original) }
    if (isObject(member) && Object.hasOwn(member, '$bytes')) throw new TypeError('a member is named $bytes')
    return member
  })
}

/**
 * Reads what `encodeWire` wrote, also when a stranger wrote it. Throws SyntaxError for what is no JSON, for damaged bytes and
 * for a member named `__proto__`: copied from object to object it would change a prototype.
 */
export function decodeWire(text: string): unknown {
  // A reviver costs several times the parse itself; an escape could spell any name, so it asks for the careful way too.
  if (!text.includes('"$bytes"') && !text.includes('__proto__') && !text.includes('\\u')) return JSON.parse(text)
  return JSON.parse(text, (key, member: unknown) => {
    if (key === '__proto__') throw new SyntaxError('a member is named __proto__')
    if (!isObject(member) || !Object.hasOwn(member, '$bytes')) return member
    const { $bytes: base64 } = member
    if (typeof base64 !== 'string' || Object.keys(member).length !== 1)
      throw new SyntaxError('$bytes stands for no bytes')
    return fromBase64(base64)
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function toBase64(bytes: Uint8Array & NativeBase64): string {
  if (bytes.toBase64) return bytes.toBase64()
  const chunks: string[] = []
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + chunkBytes)))
  }
  return btoa(chunks.join(''))
}

/** Throws SyntaxError for what is no base64. */
export function fromBase64(text: string): Uint8Array {
  const native = (Uint8Array as NativeBase64Constructor).fromBase64
  if (native) return native(text)
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new SyntaxError('the text is no base64')
  }
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
