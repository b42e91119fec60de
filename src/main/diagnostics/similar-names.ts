/** At most two letters apart, a domain more or less, or the same but for white space. */
export function isSimilar(one: string, other: string): boolean {
  const core = (name: string) => name.replace(/^.*\\/, '').replace(/@.*$/, '').replaceAll(/\s/g, '')
  const a = core(one)
  const b = core(other)
  if (a === '' || b === '' || Math.abs(a.length - b.length) > 2) return false
  return a === b || distance(a, b) <= (Math.min(a.length, b.length) > 4 ? 2 : 1)
}

/** How many letters to add, drop or change (V. Levenshtein, 1966). */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const line = [row]
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1
      line.push(Math.min((before[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (before[column - 1] ?? 0) + change))
    }
    before = line
  }
  return before[other.length] ?? 0
}
