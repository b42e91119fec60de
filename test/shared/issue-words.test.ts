import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import '../../src/shared/contract.ts'

const wordsOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message

describe('a value that a schema does not take', () => {
  it('is refused in plain words', () => {
    expect([
      wordsOf(z.object({ a: z.string() }), {}),
      wordsOf(z.string(), 7),
      wordsOf(z.number().int(), 1.5),
      wordsOf(z.number(), 'x'),
      wordsOf(z.number().min(2), 1),
      wordsOf(z.number().max(2), 3),
      wordsOf(z.number().positive(), 0),
      wordsOf(z.string().min(1), ''),
      wordsOf(z.string().max(3), 'long'),
      wordsOf(z.array(z.string()).max(1), ['a', 'b']),
      wordsOf(z.enum(['a', 'b']), 'c'),
      wordsOf(z.boolean(), 'yes'),
      wordsOf(z.email(), 'x')
    ]).toEqual([
      'is missing',
      'must be a text',
      'must be a whole number',
      'must be a number',
      'must be at least 2',
      'must be at most 2',
      'must be more than 0',
      'must not be empty',
      'must have at most 3 characters',
      'must have at most 1 entry',
      'must be one of a, b',
      'must be true or false',
      'is not valid'
    ])
  })

  it('is refused in the schema’s own words where it has some', () => {
    expect(wordsOf(z.string({ error: 'must be a name' }), 7)).toBe('must be a name')
  })
})
