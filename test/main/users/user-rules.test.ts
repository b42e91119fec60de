import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkEmail, checkName, checkPhone, checkUsername, usernameKey } from '../../../src/main/users/user-rules.ts'
import { percentEncode } from '../../../src/shared/provision-url.ts'

describe('the key of a username', () => {
  it.each([
    ['jdoe', 'JDoe'],
    ['ΑΣ', 'ας'],
    ['ΑΣ', 'ασ'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'straße'],
    ['Zoe\u0308', 'ZOË'],
    ['İzmir', 'i\u0307zmir'],
    ['ǰan', 'J\u030cAN'],
    ['CORP\\Jo Doe', 'corp\\jo doe']
  ])('is the same for %s and %s', (one, other) => {
    expect(usernameKey(one)).toBe(usernameKey(other))
  })

  it.each([
    ['ıris', 'iris'],
    ['ıris', 'IRIS'],
    ['jo', 'jö'],
    ['jo doe', 'jodoe']
  ])('tells %s from %s', (one, other) => {
    expect(usernameKey(one)).not.toBe(usernameKey(other))
  })

  it('is composed', () => {
    expect(usernameKey('ǰ')).toBe('ǰ')
  })

  it('of a key is the key, for every character', () => {
    const unstable = []
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      const key = usernameKey(String.fromCodePoint(codePoint))
      if (usernameKey(key) !== key) unstable.push(codePoint.toString(16))
    }
    expect(unstable).toEqual([])
  })

  it('of a key is the key, for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const key = usernameKey(text)
        expect(usernameKey(key)).toBe(key)
        expect(usernameKey(text.normalize('NFD'))).toBe(key)
        expect(key.normalize('NFC')).toBe(key)
      })
    )
  })
})

describe('a username', () => {
  it.each([
    'j',
    'jdoe',
    'CORP\\jdoe',
    'Jo Doe',
    'jo.doe@example.com',
    '004211',
    '=1+1',
    '...',
    'Żółć',
    '山田',
    "o'neil"
  ])('may be %s', (text) => {
    expect(checkUsername(text)).toEqual({ value: text })
  })

  it('is composed, so that one typed on a Mac is the same', () => {
    expect(checkUsername('Zoe\u0308')).toEqual({ value: 'Zoë' })
  })

  it('may have 64 characters, counted as people count them', () => {
    expect(checkUsername('x'.repeat(64))).toHaveProperty('value')
    expect(checkUsername('x'.repeat(65))).toEqual({ reason: 'is 65 characters long; 64 are allowed' })
    expect(checkUsername('e\u0301'.repeat(33))).toHaveProperty('value')
  })

  it('may take 200 bytes in a link', () => {
    expect(checkUsername('ü'.repeat(33))).toHaveProperty('value')
    expect(checkUsername('ü'.repeat(34))).toEqual({ reason: 'takes 204 bytes in a link; 200 are allowed' })
    expect(checkUsername('('.repeat(64))).toHaveProperty('value')
    expect(checkUsername('😀'.repeat(17))).toEqual({ reason: 'takes 204 bytes in a link; 200 are allowed' })
  })

  it.each([
    ['', 'is empty'],
    [' jdoe', 'begins or ends with white space'],
    ['jdoe\u00a0', 'begins or ends with white space'],
    ['   ', 'begins or ends with white space'],
    ['a/b', 'contains “/”'],
    ['<script>', 'contains “<”'],
    ['a>b', 'contains “>”'],
    ['a"b', 'contains “"”'],
    ['a\tb', 'contains a control character (tab)'],
    ['a\0b', 'contains a control character (NUL)'],
    ['a\u009bb', 'contains a control character (U+009B)'],
    ['a\r\nb', 'contains a line break'],
    ['a\u2028b', 'contains a line break'],
    ['jdoe\n', 'contains a line break'],
    ['a\u202eb', 'contains a hidden text direction mark (U+202E)'],
    ['a\u2069b', 'contains a hidden text direction mark (U+2069)'],
    ['a\ud800b', 'contains half a character (a lone surrogate)'],
    ['.', 'is “.”, which cannot stand in a link'],
    ['..', 'is “..”, which cannot stand in a link']
  ])('is refused as %j', (text, reason) => {
    expect(checkUsername(text)).toEqual({ reason })
  })

  it('once accepted, is accepted as it is and fits into a link', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const checked = checkUsername(text)
        fc.pre('value' in checked)
        expect(checkUsername(checked.value)).toEqual(checked)
        expect(percentEncode(checked.value).length).toBeLessThanOrEqual(200)
      })
    )
  })
})

describe('a name', () => {
  it.each(['', 'Jo Doe', '<b>Jo</b>', '=1+1', 'עברית', 'क्\u200dष', '👩‍👩‍👧'])('may be %s', (text) => {
    expect(checkName(text)).toEqual({ value: text })
  })

  it('loses white space at its ends', () => {
    expect(checkName('  Jo Doe\u00a0')).toEqual({ value: 'Jo Doe' })
  })

  it.each([
    ['Jo\r\nDoe', 'contains a line break'],
    ['Jo\n', 'contains a line break'],
    ['Jo\u2029Doe', 'contains a line break'],
    ['Jo\tDoe', 'contains a control character (tab)'],
    ['Jo\u001b[31m', 'contains a control character (escape)'],
    ['Jo\udc00', 'contains half a character (a lone surrogate)'],
    ['😀'.repeat(201), 'is 201 characters long; 200 are allowed']
  ])('is refused as %j', (text, reason) => {
    expect(checkName(text)).toEqual({ reason })
  })
})

describe('an email address', () => {
  it.each([
    '',
    'yzak+phone@mail.example.org',
    "o'neil@example.com",
    'a.b-c_d@example.co.uk',
    'jörg@müller.example',
    '用户@例子.广告',
    'x@نامه\u200cای.example',
    'x@xn--mller-kva.example',
    'UPPER@EXAMPLE.COM',
    `${'x'.repeat(64)}@example.com`
  ])('may be %s', (text) => {
    expect(checkEmail(text)).toEqual({ value: text })
  })

  it('loses spaces at its ends', () => {
    expect(checkEmail(' jdoe@example.com ')).toEqual({ value: 'jdoe@example.com' })
  })

  it.each([
    ['not-an-address', 'has no “@”'],
    ['a@b@example.com', 'has more than one “@”'],
    ['@example.com', 'has nothing before the “@”'],
    ['jdoe@', 'has nothing after the “@”'],
    ['jdoe@localhost', 'has no dot in its domain “localhost”'],
    ['.jdoe@example.com', 'has a dot too many before the “@”'],
    ['jdoe.@example.com', 'has a dot too many before the “@”'],
    ['j..doe@example.com', 'has a dot too many before the “@”'],
    ['jdoe@.example.com', 'has a dot too many after the “@”'],
    ['jdoe@example.com.', 'has a dot too many after the “@”'],
    ['jdoe@-example.com', 'has no valid domain in “-example.com”'],
    ['jdoe@exam_ple.com', 'has no valid domain in “exam_ple.com”'],
    ['jdoe@192.0.2.1', 'has no valid domain in “192.0.2.1”'],
    ['jdoe@\u0301a.example', 'has no valid domain in “\u0301a.example”'],
    [`jdoe@${'x'.repeat(64)}.example`, `has no valid domain in “${'x'.repeat(60)}…”`],
    ['jdoe@[192.0.2.1]', 'contains “[”'],
    ['a@example.com,b@example.com', 'contains “,”'],
    ['a@example.com; b@example.com', 'contains “;”'],
    ['Jo <jo@example.com>', 'contains a space'],
    ['<jo@example.com>', 'contains “<”'],
    ['"jo doe"@example.com', 'contains “"”'],
    ['jo doe@example.com', 'contains a space'],
    ['jo\u00a0doe@example.com', 'contains a space'],
    ['inject@example.com\r\nBcc: all@example.com', 'contains a line break'],
    ['jdoe@example.com\n', 'contains a line break'],
    ['jdoe\0@example.com', 'contains a control character (NUL)'],
    ['jdoe\u202e@example.com', 'contains a hidden text direction mark (U+202E)'],
    [`${'ü'.repeat(33)}@example.com`, 'has 66 bytes before the “@”; 64 are allowed'],
    [`${'x'.repeat(64)}@${'y.'.repeat(93)}com`, null],
    [`${'x'.repeat(64)}@${'y.'.repeat(94)}com`, 'is 256 bytes long; 254 are allowed']
  ])('is judged as %j', (text, reason) => {
    expect(checkEmail(text)).toEqual(reason === null ? { value: text } : { reason })
  })

  it('never lets through what could add a header or a recipient', () => {
    const unit = fc.constantFrom(
      'a',
      'b',
      'ü',
      '.',
      '@',
      ',',
      ';',
      '<',
      '>',
      '\r',
      '\n',
      '\0',
      ' ',
      '"',
      '(',
      ':',
      '\u202e'
    )
    const part = fc.string({ unit, minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(part, part, (local, label) => {
        const checked = checkEmail(`${local}@${label}.example`)
        const value = 'value' in checked ? checked.value : 'a@b'
        expect(value).toMatch(/^[^@\s,;:<>()"\p{Cc}\u202e]+@[^@\s,;:<>()"\p{Cc}\u202e]+$/u)
      }),
      { numRuns: 2000 }
    )
  })
})

describe('a phone number', () => {
  it.each(['', '+44 7700 900177', '(030) 123-456/7', '0123.456 x12', '+1 555 0100 ext. 7', '1'])(
    'may be %s',
    (text) => {
      expect(checkPhone(text)).toEqual({ value: text })
    }
  )

  it.each([
    ['12\t34', 'contains a control character (tab)'],
    ['12\n34', 'contains a line break'],
    ['<script>', 'contains “<”'],
    ['=1+1', 'contains “=”'],
    ['1'.repeat(41), 'is 41 characters long; 40 are allowed']
  ])('is refused as %j', (text, reason) => {
    expect(checkPhone(text)).toEqual({ reason })
  })
})

describe('hidden characters', () => {
  it.each(['\u061c', '\u200e', '\u200f', '\u202e', '\u2066'])('that turn the direction are refused: %j', (mark) => {
    for (const check of [checkUsername, checkName]) {
      expect(check(`a${mark}b`)).toHaveProperty('reason', expect.stringContaining('hidden text direction mark'))
    }
  })

  it.each(['\u200b', '\u200d', '\u00ad', '\ufeff', '\ufe0f', '\u3164'])(
    'that are shown as nothing are refused in a username, where they make a twin: %j',
    (mark) => {
      expect(checkUsername(`zero${mark}width`)).toHaveProperty('reason', expect.stringContaining('invisible character'))
    }
  )
})
