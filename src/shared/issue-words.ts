import { z } from 'zod'

/** What is wrong with a value, as the end of a sentence that has named it, where its schema has no words of its own. */
function issueWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${typeWords[issue.expected] ?? 'of another kind'}`
    case 'too_small':
      return sizeWords(issue.origin, 'at least', Number(issue.minimum), issue.inclusive !== false)
    case 'too_big':
      return sizeWords(issue.origin, 'at most', Number(issue.maximum), issue.inclusive !== false)
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'unrecognized_keys':
      return `must not hold ${issue.keys.join(', ')}`
    default:
      return 'is not valid'
  }
}

const typeWords: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with named values',
  null: 'empty'
}

function sizeWords(origin: string, bound: 'at least' | 'at most', limit: number, isInclusive: boolean): string {
  if (!isInclusive) return `must be ${bound === 'at least' ? 'more' : 'less'} than ${limit}`
  if (origin === 'string') {
    if (bound === 'at least' && limit === 1) return 'must not be empty'
    return `must have ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`
  }
  if (origin === 'array' || origin === 'set') return `must have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`
  return `must be ${bound} ${limit}`
}

// For every schema of this process: none of them may speak in the library's words.
z.config({ customError: issueWords })
