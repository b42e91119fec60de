/** A reason that a check gives as a clause (“must be …”), as a sentence of its own. */
export function asSentence(reason: string): string {
  const begun = reason.charAt(0).toUpperCase() + reason.slice(1)
  return /[.!?]$/.test(begun) ? begun : `${begun}.`
}
