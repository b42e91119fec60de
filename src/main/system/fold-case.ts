/**
 * The key by which names are compared: without case and in no locale's way, so that it is the same on every machine.
 * Lower case comes first because ẞ has no upper case of its own, ß does (SS); dotless ı would meet i by way of I.
 */
export function foldCase(text: string): string {
  let folded = ''
  // By code point: a whole string would turn a Σ at the end of a word into ς.
  for (const character of text.normalize('NFC')) {
    folded += character === 'ı' ? character : character.toLowerCase().toUpperCase().toLowerCase()
  }
  return folded.normalize('NFC')
}
