const mostNames = 8

/** Names in one line; where there are many, of which these may be the first, some and how many more. */
export function namesOf(names: readonly string[], count = names.length): string {
  const shown = names.slice(0, mostNames).join(', ')
  return count > mostNames ? `${shown}, … (+${count - mostNames})` : shown
}
