import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PageAnchors } from '../../../../src/renderer/screens/users/page-anchors.ts'

describe('where a page begins', () => {
  it('is the start of the list as long as nothing is known', () => {
    expect(new PageAnchors(100).placeOf(7)).toEqual({ after: null, skip: 700 })
  })

  it('is the end of the page before it, once that was read', () => {
    const anchors = new PageAnchors(100)
    anchors.noteEnd(6, 'end of 6')
    expect(anchors.placeOf(7)).toEqual({ after: 'end of 6', skip: 0 })
  })

  it('is so many pages after the nearest known end before it', () => {
    const anchors = new PageAnchors(100)
    anchors.noteEnd(0, 'end of 0')
    anchors.noteEnd(40, 'end of 40')
    expect(anchors.placeOf(43)).toEqual({ after: 'end of 40', skip: 200 })
    expect(anchors.placeOf(40)).toEqual({ after: 'end of 0', skip: 3900 })
  })

  it('is not after the end of the list', () => {
    const anchors = new PageAnchors(100)
    anchors.noteEnd(3, null)
    expect(anchors.placeOf(4)).toEqual({ after: null, skip: 400 })
  })

  it('is forgotten when users came or went', () => {
    const anchors = new PageAnchors(100)
    anchors.noteEnd(6, 'end of 6')
    anchors.clear()
    expect(anchors.placeOf(7)).toEqual({ after: null, skip: 700 })
  })

  it('always names the same users as counting from the start does, in whatever order pages are read', () => {
    const users = Array.from({ length: 95 }, (_, index) => index)
    const read = (after: string | null, skip: number) => {
      const start = (after === null ? 0 : Number(after) + 1) + skip
      return users.slice(start, start + 10)
    }
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1 }), (pages) => {
        const anchors = new PageAnchors(10)
        for (const page of pages) {
          const { after, skip } = anchors.placeOf(page)
          const shown = read(after, skip)
          expect(shown).toEqual(users.slice(page * 10, page * 10 + 10))
          anchors.noteEnd(page, shown.length === 10 ? String(shown.at(-1)) : null)
        }
      })
    )
  })
})
