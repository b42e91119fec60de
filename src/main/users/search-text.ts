import { foldCase } from '../system/fold-case.ts'

/** Letters that Unicode does not decompose but people type without their stroke. */
const plainLetters: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i' }

/** Folds case and accents, so that “dvorak” finds “Dvořák”. */
export function foldForSearch(text: string): string {
  return foldCase(text.normalize('NFKD').replace(/\p{M}/gu, '')).replace(
    /[łøđðþæœı]/g,
    (letter) => plainLetters[letter] ?? letter
  )
}

/** What a search looks through: all four fields, and the phone number once more without its spaces. */
export function searchTextOf(user: { username: string; name: string; email: string; phone: string }): string {
  const digits = user.phone.replace(/[^\d+]/g, '')
  return foldForSearch([user.username, user.name, user.email, user.phone, digits].join('\n'))
}

/** The words of a query, each of which must occur somewhere. */
export function searchWords(query: string): string[] {
  return foldForSearch(query).split(/\s+/u).filter(Boolean)
}
