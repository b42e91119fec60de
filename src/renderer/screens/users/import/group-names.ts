const mostNames = 8

/** Names in one line; where there are many, the first and how many more. */
export function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  return names.length > mostNames ? `${shown}, … (+${names.length - mostNames})` : shown
}
