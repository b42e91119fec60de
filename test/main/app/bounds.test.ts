import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstSize, leastSize, placeWindow } from '../../../src/main/app/bounds.ts'

const screen = { x: 0, y: 25, width: 1920, height: 1015 }

describe('placeWindow', () => {
  it('gives a first window a size and leaves the place to the system', () => {
    expect(placeWindow(null, [screen])).toEqual(firstSize)
  })

  it('puts the window back where it was', () => {
    const bounds = { x: 100, y: 80, width: 1300, height: 800 }
    expect(placeWindow(bounds, [screen])).toEqual(bounds)
  })

  it('forgets a place on a screen that is gone', () => {
    expect(placeWindow({ x: 3000, y: 80, width: 1300, height: 800 }, [screen])).toEqual({ width: 1300, height: 800 })
  })

  it('chooses the screen that held most of it', () => {
    const left = { x: -1280, y: 0, width: 1280, height: 1024 }
    expect(placeWindow({ x: -1000, y: 10, width: 1200, height: 700 }, [screen, left])).toMatchObject({
      x: -1200,
      y: 10
    })
  })

  it('always keeps the title bar within reach and the window no smaller than it works', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -5000, max: 5000 }),
      width: fc.integer({ min: 1, max: 9000 }),
      height: fc.integer({ min: 1, max: 9000 })
    })
    fc.assert(
      fc.property(rectangle, (remembered) => {
        const { x, y, width, height } = placeWindow(remembered, [screen])
        expect(width).toBeGreaterThanOrEqual(leastSize.width)
        expect(height).toBeGreaterThanOrEqual(leastSize.height)
        if (x === undefined || y === undefined) return
        expect(x).toBeGreaterThanOrEqual(screen.x)
        expect(y).toBeGreaterThanOrEqual(screen.y)
        expect(x + width).toBeLessThanOrEqual(screen.x + screen.width)
        expect(y + height).toBeLessThanOrEqual(screen.y + screen.height)
      })
    )
  })
})
