import { en } from '../words/en.ts'

type NamedPart = keyof typeof en.support.parts

export interface BundlePart {
  /** One of the catalogue's, or the member's own name where there is none for it. */
  id: NamedPart | (string & {})
  text: string
  /** Entries or lines of a list, members of an object. */
  count: number
}

export const isNamedPart = (id: string): id is NamedPart => Object.hasOwn(en.support.parts, id)

/** All that a bundle holds, part by part: single values together first, then one part for each list or object. */
export function bundleParts(content: string): BundlePart[] {
  const members = Object.entries(JSON.parse(content) as Record<string, unknown>)
  const isSingle = ([, value]: [string, unknown]) => typeof value !== 'object' || value === null
  const about = Object.fromEntries(members.filter(isSingle))
  const parts = members.filter((member) => !isSingle(member))
  return [['about', about] as const, ...parts].map(([id, value]) => ({
    id,
    text: JSON.stringify(value, null, 2),
    count: Object.keys(value as object).length
  }))
}
