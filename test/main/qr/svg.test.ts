import { describe, expect, it } from 'vitest'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrSvg } from '../../../src/main/qr/svg.ts'

/** Black squares of the path, read from its text alone: it may hold only rectangles one unit high. */
function blackSquares(svg: string): Set<string> {
  const path = /<path fill="#000" d="([^"]+)"\/>/.exec(svg)?.[1] ?? ''
  const squares = new Set<string>()
  const rest = path.replace(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g, (_, x: string, y: string, width: string, back: string) => {
    expect(back).toBe(width)
    for (let column = Number(x); column < Number(x) + Number(width); column++) {
      expect(squares.has(`${column} ${y}`)).toBe(false)
      squares.add(`${column} ${y}`)
    }
    return ''
  })
  expect(rest).toBe('')
  return squares
}

describe('renderQrSvg', () => {
  it.each(['a', 'https://auth.example.com/é', 'x'.repeat(768)])(
    'draws exactly the black modules, 4 units from the edge',
    (text) => {
      const matrix = createQrMatrix(text)
      const expected = new Set<string>()
      matrix.modules.forEach((module, index) => {
        if (module === 1) expected.add(`${(index % matrix.size) + 4} ${Math.floor(index / matrix.size) + 4}`)
      })
      expect(blackSquares(renderQrSvg(matrix))).toEqual(expected)
    }
  )

  it('covers the quiet zone with white, keeps edges crisp, and is shown at the size asked for', () => {
    const svg = renderQrSvg(createQrMatrix('a'), { moduleSize: 2.5 })
    expect(svg).toContain('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="72.5" height="72.5"')
    expect(svg).toContain('shape-rendering="crispEdges"')
    expect(svg).toContain('<rect width="29" height="29" fill="#fff"/>')
    expect(renderQrSvg(createQrMatrix('a'))).toContain('width="116"')
  })

  it('refuses a size that is not above 0', () => {
    for (const moduleSize of [0, -1, Number.NaN, Infinity]) {
      expect(() => renderQrSvg(createQrMatrix('a'), { moduleSize })).toThrow(
        expect.objectContaining({ code: 'invalid-input' })
      )
    }
  })
})
