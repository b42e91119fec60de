/** Marks that show a text in another order than it is written, so that a name passes for another's. */
export function directionMark(text: string): string | null {
  return /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.exec(text)?.[0] ?? null
}

/** A character that is shown as nothing: two texts that differ by it alone look the same. */
export function ignorableCharacter(text: string): string | null {
  return /\p{Default_Ignorable_Code_Point}/u.exec(text)?.[0] ?? null
}
