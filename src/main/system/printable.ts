/** Controls (C0, C1), line and paragraph separators, half characters, and what turns the direction of a line around. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}

/** As one line for people: nothing in it moves a cursor, colours a terminal or hides a part of the line. */
export function oneLine(text: string, maxCharacters = 1000): string {
  const line = text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(unprintable, escaped)
  return line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line
}

/** For a terminal, whose line breaks and indentation are the program's own. */
export function terminalText(text: string): string {
  return text.replace(unprintable, (character) => (/[\n\t]/.test(character) ? character : escaped(character)))
}

/** JSON lets C1 controls stand, which some terminals obey. It says the same without them. */
export function terminalJson(json: string): string {
  return json.replace(unprintable, (character) => (character === '\n' ? character : escaped(character)))
}
