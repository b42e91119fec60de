import { readFile } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkUserRow, detectReading, readUserCsv, type CsvRow } from '../../../../src/main/users/csv/user-csv.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { importColumns } from '../../../../src/shared/user.ts'

const readData = (name: string) => readFile(new URL(`../../../support/data/${name}`, import.meta.url))

type Encoding = 'utf-8' | 'utf-8 with mark' | 'utf-16le' | 'utf-16le with mark' | 'utf-16be' | 'utf-16be with mark'
const encodings: Encoding[] = [
  'utf-8',
  'utf-8 with mark',
  'utf-16le',
  'utf-16le with mark',
  'utf-16be',
  'utf-16be with mark'
]

function encode(text: string, encoding: Encoding): Buffer {
  const marked = encoding.endsWith('with mark') ? `\ufeff${text}` : text
  if (encoding.startsWith('utf-8')) return Buffer.from(marked)
  const littleEndian = Buffer.from(marked, 'utf16le')
  return encoding.startsWith('utf-16be') ? littleEndian.swap16() : littleEndian
}

async function readAll(content: Uint8Array | string, options?: Parameters<typeof readUserCsv>[1]): Promise<CsvRow[]> {
  const rows: CsvRow[] = []
  for await (const row of readUserCsv(typeof content === 'string' ? Buffer.from(content) : content, options))
    rows.push(row)
  return rows
}

const rejected = (line: number, column: string | null, reason: string) => ({
  line,
  rejection: { line, column, reason }
})
const unreadable = (message: string) => expect.objectContaining({ code: 'import-unreadable', message })
const notClosed = 'has a quote that is not closed; from this line on nothing was read'

describe('a file of users', () => {
  it('gives every user of a clean file', async () => {
    const content = await readData('users-1000.csv')
    const rows = await readAll(content)
    const checked = rows.map((row) => ('fields' in row ? checkUserRow(row) : row))
    expect(checked).toHaveLength(1000)
    expect(checked.filter((one) => !('user' in one))).toEqual([])
    expect(checked[0]).toEqual({
      user: {
        username: 'yzak',
        name: 'Yara Żak',
        email: 'yzak+phone@mail.example.org',
        group: 'Finance',
        phone: '+44 7700 900177'
      }
    })
  })

  it('names every problem of a dirty file by line and column', async () => {
    const rows = await readAll(await readData('users-dirty.csv'))
    const good = []
    const bad = []
    for (const row of rows) {
      if ('rejection' in row) {
        bad.push(row.rejection)
        continue
      }
      const checked = checkUserRow(row)
      if ('user' in checked) good.push([row.line, checked.user.username])
      else bad.push(...checked.rejections)
    }
    expect(good).toEqual([
      [2, 'jdoe'],
      [3, 'JDOE'],
      [4, 'nomail'],
      [14, 'nogroup']
    ])
    expect(bad).toEqual([
      { line: 5, column: 'email', reason: 'has no “@”' },
      { line: 6, column: 'name', reason: 'contains a line break' },
      { line: 8, column: 'username', reason: 'contains “/”' },
      { line: 9, column: 'username', reason: 'contains “<”' },
      { line: 10, column: 'email', reason: 'contains a line break' },
      { line: 12, column: null, reason: 'has 2 fields; the header has 5' },
      { line: 13, column: null, reason: 'has 7 fields; the header has 5' },
      { line: 15, column: 'username', reason: 'is empty' },
      { line: 16, column: 'username', reason: 'is 300 characters long; 64 are allowed' },
      { line: 17, column: 'username', reason: 'contains a control character (tab)' },
      { line: 18, column: 'username', reason: 'contains a control character (NUL)' },
      { line: 19, column: 'name', reason: 'has a quote that is not closed' }
    ])
  })

  it('lets other work run while it is read', async () => {
    let turns = 0
    let isReading = true
    const count = async () => {
      while (isReading) {
        await nextTurn()
        turns += 1
      }
    }
    const counting = count()
    await readAll(`username\n${'jdoe\n'.repeat(50_000)}`)
    isReading = false
    await counting
    expect(turns).toBeGreaterThan(0)
  })

  it('can be left in the middle', async () => {
    for await (const row of readUserCsv(Buffer.from('username\na\nb\nc\n'))) {
      expect(row).toEqual({ line: 2, fields: { username: 'a' } })
      break
    }
  })
})

describe('the reading of a file', () => {
  it('is found by header, delimiter and encoding', async () => {
    expect(await detectReading(await readData('users-dirty.csv'))).toEqual({
      header: ['User Name', 'Full Name', 'E-mail', 'Group', 'Phone'],
      mapping: ['username', 'name', 'email', 'group', 'phone'],
      delimiter: ';',
      encoding: 'utf-8',
      sample: [
        ['jdoe', 'Jo Doe', 'jdoe@example.com', 'Staff', ''],
        ['JDOE', 'Jo Doe again', 'jdoe2@example.com', 'Staff', ''],
        ['nomail', 'No Mail', '', 'Staff', ''],
        ['badmail', 'Bad Mail', 'not-an-address', 'Staff', ''],
        ['crlf', 'Line\r\nBreak', 'crlf@example.com', 'Staff', '']
      ]
    })
  })

  it.each([
    ['username', ['user name', 'USER', 'Login', 'login name', 'User-ID', 'userid', 'account', 'sAMAccountName']],
    ['name', ['Full Name', 'fullname', 'display_name', 'displayName']],
    ['email', ['E-Mail', 'mail', 'Email Address', 'e-mail address']],
    ['group', ['GROUP', 'Group Name']],
    ['phone', ['Mobile', 'telephone', 'Phone Number', 'mobile phone']]
  ] as const)('knows the column %s by its other names', async (column, titles) => {
    for (const title of titles) {
      const isUsername = column === 'username'
      const { mapping } = await detectReading(Buffer.from(isUsername ? `other,${title}` : `username,${title}`))
      expect(mapping).toEqual([isUsername ? null : 'username', column])
    }
  })

  it.each([
    ['username;"name, first; last";email', ';'],
    ['username,"a;b;c;d",email', ','],
    ['username\tname, first', '\t'],
    ['username;name, first', ';'],
    ['\tusername', '\t'],
    ['username', ',']
  ])('has the delimiter of %j', async (header, delimiter) => {
    expect(await detectReading(Buffer.from(header))).toMatchObject({ delimiter })
  })

  it.each(encodings)('of %s is known by its bytes', async (encoding) => {
    const content = encode('username;name\r\njdoe;山田一\r\n', encoding)
    expect(await detectReading(content)).toMatchObject({
      encoding: encoding.replace(' with mark', ''),
      header: ['username', 'name'],
      sample: [['jdoe', '山田一']]
    })
  })

  it.each(['\0x', 'x\0'])('stays UTF-8 when its header has a NUL: %j', async (title) => {
    expect(await detectReading(Buffer.from(`username,name,${title}\n`))).toMatchObject({ encoding: 'utf-8' })
  })

  it('skips blank lines before the header', async () => {
    expect(await readAll('\r\n\r\nusername\r\njdoe')).toEqual([{ line: 4, fields: { username: 'jdoe' } }])
  })

  it('leaves out columns that it does not know', async () => {
    expect(await readAll('dn,username,photo\nx,jdoe,y')).toEqual([{ line: 2, fields: { username: 'jdoe' } }])
  })

  it('can be given by the administrator', async () => {
    const content = 'Kennung|x;Mail\njdoe;other\n'
    expect(await readAll(content, { mapping: ['username', null] })).toEqual([{ line: 2, fields: { username: 'jdoe' } }])
    expect(await readAll('a;b,c\nd;e,f', { delimiter: ',', mapping: [null, 'username'] })).toEqual([
      { line: 2, fields: { username: 'f' } }
    ])
  })

  it('names the header that has no username, and hands it over to be mapped', async () => {
    const error = await detectReading(Buffer.from('Kennung;Mail\njdoe;x@example.com')).catch(
      (thrown: unknown) => thrown
    )
    expect(error).toEqual(unreadable('The file has no column for the username; its header is “Kennung”, “Mail”.'))
    expect(error).toHaveProperty('details.mapping', [null, 'email'])
    expect(error).toHaveProperty('details.sample', [['jdoe', 'x@example.com']])
    await expect(readAll('Kennung;Mail\njdoe;x')).rejects.toEqual(
      unreadable(error instanceof Error ? error.message : '')
    )
  })

  it('names two titles of the same column', async () => {
    await expect(detectReading(Buffer.from('username,E-mail,name,Mail'))).rejects.toEqual(
      unreadable('The file has 2 columns for the email: “E-mail”, “Mail”. Leave one of them.')
    )
    expect(await readAll('username,E-mail,Mail\na,b,c', { mapping: ['username', 'email', null] })).toEqual([
      { line: 2, fields: { username: 'a', email: 'b' } }
    ])
  })

  it('refuses a mapping that does not fit the header', async () => {
    await expect(readAll('username,name\na,b', { mapping: ['username'] })).rejects.toMatchObject({
      code: 'invalid-input'
    })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'The file is empty. Its first line must name the columns.'],
    ['blank lines', Buffer.from('\ufeff\r\n\r\n'), 'The file is empty. Its first line must name the columns.'],
    [
      'Excel',
      Buffer.from('PK\u0003\u0004....[Content_Types].xml'),
      'This is an Excel workbook; save it as “CSV UTF-8”.'
    ],
    ['old Excel', Buffer.from('d0cf11e0a1b11ae100', 'hex'), 'This is an Excel workbook; save it as “CSV UTF-8”.'],
    [
      'OpenDocument',
      Buffer.from('PK\u0003\u0004..mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
      'This is an OpenDocument spreadsheet; save it as CSV in UTF-8.'
    ],
    ['ZIP', Buffer.from('PK\u0003\u0004users.csv'), 'This is a ZIP archive; import the CSV file that is in it.'],
    [
      'PNG',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'This is not a text file; save the list of users as CSV in UTF-8.'
    ],
    [
      'Latin-1',
      Buffer.from('username,name\r\njdoe,Jo\r\nmmuller,M\u00fcller\r\n', 'latin1'),
      'Line 3 is not UTF-8 text; save the file as “CSV UTF-8”.'
    ],
    [
      'Latin-1 far below',
      Buffer.from(`username\n${'jdoe\n'.repeat(40_000)}\u00fc`, 'latin1'),
      'Line 40002 is not UTF-8 text; save the file as “CSV UTF-8”.'
    ],
    [
      'half of a UTF-16 character',
      encode('username\njdoe\nj\ud800doe\n', 'utf-16be'),
      'Line 3 is not UTF-16 text; save the file as “CSV UTF-8”.'
    ],
    [
      'UTF-16 that was cut off',
      encode('username\njdoe', 'utf-16le').subarray(0, -1),
      'The file is cut off: UTF-16 text has an even number of bytes.'
    ],
    [
      'an open quote in the header',
      Buffer.from('username,"name\njdoe,x'),
      'The header on line 1 cannot be read: it has a quote that is not closed; from this line on nothing was read.'
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x75, 0, 0, 0]), 'This file is UTF-32; save it as UTF-8.'],
    ['UTF-32, the other way round', Buffer.from([0, 0, 0xfe, 0xff]), 'This file is UTF-32; save it as UTF-8.'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'This is a PDF file; save the list of users as CSV in UTF-8.'],
    [
      'more than 256 MiB',
      Buffer.alloc(256 * 1024 * 1024 + 1, 'a'),
      'The file is larger than 256 MiB. Import it in parts.'
    ]
  ])('refuses %s', async (_, content, message) => {
    await expect(detectReading(content)).rejects.toEqual(unreadable(message))
    await expect(readAll(content)).rejects.toEqual(unreadable(message))
  })

  it('keeps characters whole that lie across the slices of UTF-16', async () => {
    const name = '😀'.repeat(10_000)
    const text = `username,name\n${`u,${name}\n`.repeat(40)}`
    for (const encoding of ['utf-16le', 'utf-16be with mark'] as const) {
      for (const shift of ['', 'x']) {
        const rows = await readAll(encode(text.replace('u,', `u${shift},`), encoding))
        expect(rows.map((row) => 'fields' in row && row.fields.name === name)).toEqual(Array(40).fill(true))
      }
    }
  })
})

describe('the lines of a file', () => {
  it('are counted as an editor counts them, whatever ends them', async () => {
    const rows = await readAll('username,name\r\n\r\na,"1\r\n2\n3\r4"\n\n\rb,\r\n"c\r\n","x"\rd,y')
    expect(rows.map((row) => row.line)).toEqual([3, 9, 10, 12])
  })

  it('that are blank, or hold nothing but delimiters, are skipped', async () => {
    expect(await readAll('username,name\n\n  \n,\n" ",""\na,b\n,,,\n')).toEqual([
      { line: 6, fields: { username: 'a', name: 'b' } }
    ])
  })

  it('may lie beyond any number of blank ones', async () => {
    const blank = '\n'.repeat(1_048_990)
    expect(await readAll(`username,name\n${blank}"a${'x'.repeat(3000)}"y,b\nc,d`)).toEqual([
      rejected(1_048_992, 'username', 'has text after a closing quote'),
      { line: 1_048_993, fields: { username: 'c', name: 'd' } }
    ])
  })

  it('may have empty surplus fields, but no others and no missing ones', async () => {
    expect(await readAll('username,name\na,b,,\nc\nd,e,,f\n"g,h"')).toEqual([
      { line: 2, fields: { username: 'a', name: 'b' } },
      rejected(3, null, 'has 1 field; the header has 2'),
      rejected(4, null, 'has 4 fields; the header has 2'),
      rejected(5, null, 'has 1 field; the header has 2')
    ])
  })

  const text = 'has text after a closing quote'
  const within = 'has a quote in a field that does not begin with one'
  it.each([
    ['"a"b,c,d', 'username', text],
    ['a,"b" ,d', 'name', text],
    ['a,"b""" c,d', 'name', text],
    ['a,"b"\0,d', 'name', text],
    ['a,b"c,d', 'name', within],
    ['a,b,c ""', 'email', within],
    ['a, "b",c', 'name', within]
  ])('cost no other line when a quote is wrong in one: %j', async (line, column, reason) => {
    expect(await readAll(`username,name,email\n1,2,3\n${line}\n4,5,6\n`)).toEqual([
      { line: 2, fields: { username: '1', name: '2', email: '3' } },
      rejected(3, column, reason),
      { line: 4, fields: { username: '4', name: '5', email: '6' } }
    ])
  })

  it.each([
    ['a quote is never closed', 'a,"b\nc,d\n', 'name'],
    ['a quote is never closed in the first column', '"a,b\nc,d\n', 'username'],
    ['a wrong quote is followed by an open one', 'a,b"c,"d\ne,f\n', 'name'],
    ['a later quote closes it by chance', 'a,"b\nc,"d"\ne,f\n', 'name'],
    ['a quote is never closed in a large file', `a,"b\n${'c,d\n'.repeat(500_000)}`, 'name'],
    ['a quote is closed beyond all measure', `a,"${'b\n'.repeat(1_000_000)}"\nc,d\n`, 'name'],
    ['a later quote closes it far below', `a,"b\n${'c,d\n'.repeat(50_000)}c,"d"\ne,f\n`, 'name']
  ])('are not guessed after %s', async (_, lines, column) => {
    expect(await readAll(`username,name\n1,2\n${lines}`)).toEqual([
      { line: 2, fields: { username: '1', name: '2' } },
      rejected(3, column, notClosed)
    ])
  })

  it('are read on when the wrong quote is on the last line of a record', async () => {
    expect(await readAll('username,name\n"a\nb",c"d\ne,f')).toEqual([
      rejected(2, 'name', 'has a quote in a field that does not begin with one'),
      { line: 4, fields: { username: 'e', name: 'f' } }
    ])
  })

  it('that are too long cost no other line', async () => {
    expect(await readAll(`username,name\na,${'x'.repeat(70_000)}\nb,${'x'.repeat(65_000)}\nc,d`)).toMatchObject([
      rejected(2, null, 'is longer than 64 KiB'),
      { line: 3, fields: { username: 'b' } },
      { line: 4, fields: { username: 'c', name: 'd' } }
    ])
  })

  it('are not read beyond one that does not end', async () => {
    for (const endless of ['x'.repeat(1_100_000), 'x,'.repeat(550_000), ','.repeat(1_100_000)]) {
      expect(await readAll(`username,name\na,b\n${endless}\nc,d`)).toEqual([
        { line: 2, fields: { username: 'a', name: 'b' } },
        rejected(3, null, 'is longer than 64 KiB; from this line on nothing was read')
      ])
    }
  })

  it('come back as they were written, with the line of each', async () => {
    const field = fc.oneof(
      fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', ' ', '\0', 'é', '😀', 'x') }),
      fc.string({ unit: 'binary' })
    )
    const file = fc.record({
      rows: fc.array(fc.tuple(field, field, field), { maxLength: 20 }),
      delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const),
      encoding: fc.constantFrom(...encodings),
      lineBreak: fc.constantFrom('\r\n', '\n', '\r'),
      isLastEnded: fc.boolean(),
      isAllQuoted: fc.boolean()
    })
    await fc.assert(
      fc.asyncProperty(file, async ({ rows, delimiter, encoding, lineBreak, isLastEnded, isAllQuoted }) => {
        const write = (value: string) =>
          isAllQuoted || /["\r\n,;\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
        let text = ['Login', 'Remark', 'Phone', 'Full Name'].map(write).join(delimiter)
        const expected = rows.map(([username, name, remark]) => {
          const line = text.split(/\r\n|\n|\r/).length + 1
          text += lineBreak + [`u${username}`, remark, '', name].map(write).join(delimiter)
          return { line, fields: { username: `u${username}`, phone: '', name } }
        })
        expect(await readAll(encode(text + (isLastEnded ? lineBreak : ''), encoding))).toEqual(expected)
      }),
      { numRuns: 300 }
    )
  })

  it('of any other file are rows or rejections in order, or the file is refused', async () => {
    const pieces = fc.constantFrom(
      '"',
      '""',
      ',',
      ';',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '\0',
      'a',
      'é',
      ' ',
      '\ufeff',
      '"\n"',
      ',"'
    )
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(fc.constantFrom(...encodings), fc.string({ unit: pieces, maxLength: 400 }))
        .map(([encoding, text]) => encode(`username,name\n${text}`, encoding)),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([Buffer.from('username\n'), bytes]))
    )
    await fc.assert(
      fc.asyncProperty(content, async (bytes) => {
        try {
          let last = 1
          for (const row of await readAll(bytes)) {
            expect(row.line).toBeGreaterThan(last)
            last = row.line
            if ('fields' in row) checkUserRow(row)
          }
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      }),
      { numRuns: 1000 }
    )
  })
})

describe('a row', () => {
  it('says only what its file has', () => {
    expect(checkUserRow({ line: 2, fields: { username: 'jdoe', email: '' } })).toEqual({
      user: { username: 'jdoe', email: '' }
    })
  })

  it('is cleaned', () => {
    const fields = { username: 'Zoe\u0308', name: ' Zoe ', email: ' zoe@example.com', group: 'Staff ', phone: ' 1' }
    expect(checkUserRow({ line: 2, fields })).toEqual({
      user: { username: 'Zoë', name: 'Zoe', email: 'zoe@example.com', group: 'Staff', phone: '1' }
    })
  })

  it('names everything that is wrong with it', () => {
    const fields = { username: 'a/b', name: 'a\nb', email: 'a', group: 'a\0', phone: '<' }
    const checked = checkUserRow({ line: 7, fields })
    const rejections = 'rejections' in checked ? checked.rejections : []
    expect(rejections.map(({ line, column }) => [line, column])).toEqual(importColumns.map((column) => [7, column]))
  })

  it('needs a username', () => {
    expect(checkUserRow({ line: 2, fields: {} })).toEqual({
      rejections: [{ line: 2, column: 'username', reason: 'is empty' }]
    })
  })
})
