/** The `%WORDS%` that a letter can say, without their percent signs. `%QR%` is the block with the code. */
export const letterWords = ['QR', 'NAME', 'USERNAME', 'CODE', 'EXPIRES', 'VALIDITY', 'SITEID', 'SERVER'] as const
export type LetterWord = (typeof letterWords)[number]

export const mostLetterCharacters = 6000

/** What a letter says until somebody changes it: `#` begins its heading, `1.` a step. */
export const shippedLetter = `# Your Mobile Client for %SERVER%

Dear %NAME%,

with this letter you set up the app that proves it is you when you sign in. It takes two minutes.

%QR%

1. Install Mobile Client 2.1.1 or later on a phone or tablet that has a camera.
2. Open the app and tap the Information “i” icon, then About, then Scan QR Code.
3. Hold the phone so that the code above lies within the frame, and wait until the app has read it.
4. If it cannot be scanned, type Site ID, username and provision code into the app as they are printed above.

The code works once, until %EXPIRES%. If the app says “Invalid Provision Code”, ask your administrator for a new one.

Keep this letter as you would keep a key: whoever scans it first gets your access. Destroy it once your phone is set up.
`

const wordPattern = /%([A-Z][A-Z0-9_]*)%/g

/** What is wrong with the text of a letter, or null: an unknown word would be printed as it stands. */
export function letterProblem(text: string): string | null {
  for (const [whole, word = ''] of text.matchAll(wordPattern)) {
    if (!letterWords.some((known) => known === word)) {
      return `holds ${whole}, which is no keyword; there are ${letterWords.map((known) => `%${known}%`).join(', ')}`
    }
  }
  const blocks = text.split('\n').filter((line) => line.trim() === '%QR%').length
  const mentions = text.split('%QR%').length - 1
  return blocks === 1 && mentions === 1 ? null : 'needs %QR% once, on a line of its own: the QR code is put there'
}

/** The text with every keyword but `%QR%` replaced. */
export function fillLetter(text: string, values: Readonly<Record<Exclude<LetterWord, 'QR'>, string>>): string {
  return text.replace(wordPattern, (whole, word: string) =>
    word !== 'QR' && Object.hasOwn(values, word) ? values[word as keyof typeof values] : whole
  )
}
