import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCliFolder, expectRefusals, expectWrongUsage } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'
import { draftsIn, killWhileMaking, openSheetFolder } from '../../../support/sheet-kills.ts'

interface Sheet {
  sheet: number
  stock: string
  state: string
  labels: number
  pages: number
  file: string
  codes: Record<string, number>
}

async function folderWithUsers() {
  const made = await createCliFolder('username,name,group\nada,Ada,Night\nbob,Bob,Night\ncy,Cy,Staff\ndee,Dee,Staff\n')
  await made.console.call('users:disable', { selection: { usernames: ['dee'] } })
  await made.console.close()
  return { ...made, out: path.join(createTestFolder(), 'sheet.pdf') }
}

describe('provision sheets', () => {
  it('makes a sheet, lists it, withdraws it and reissues what was not used', async () => {
    const { cli, out } = await folderWithUsers()
    const to = ['--stock', 'l7160', '--out', out]
    const made = await cli.json<Sheet>(['sheets', 'make', 'ada', 'bob', 'cy', ...to])
    const members = [
      'sheet',
      'madeAt',
      'madeBy',
      'stock',
      'state',
      'labels',
      'pages',
      'expiresAt',
      'codes',
      'file',
      'undrawnNames',
      'namesWithoutMarks'
    ]
    expect(Object.keys(made)).toEqual(members)
    expect(made).toMatchObject({ sheet: 1, stock: 'L7160', state: 'made', labels: 3, pages: 1, file: out })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-')

    const partly = await cli.run(['sheets', 'make', '--group', 'Staff', '--yes', ...to])
    expect(partly.exitCode).toBe(3)
    expect(partly.stdout).toMatch(/sheet 2, 1 label on 1 page, valid until .* UTC\.\n$/)
    expect(partly.stderr).toBe('provision: Left out 1: dee (the user is disabled).\n')

    const listed = await cli.json<Sheet[]>(['sheets', 'list'])
    expect(listed.map(({ sheet, codes }) => [sheet, codes['live'], codes['superseded']])).toEqual([
      [2, 1, 0],
      [1, 2, 1]
    ])
    expect(await cli.json(['sheets', 'withdraw', '1'])).toEqual({ sheet: 1, withdrawn: 2 })
    const again = await cli.json<Sheet>(['sheets', 'reissue', '1', '--out', out, '--start-at', '21'])
    expect(again).toMatchObject({ sheet: 3, stock: 'L7160', labels: 3, pages: 2 })
  })

  it('refuses what cannot be made before it issues a code, with exit code 1, and wrong usage with 2', async () => {
    const { cli, out } = await folderWithUsers()
    const folder = path.dirname(out)
    const stock = { part: 'own', page: 'A4', widthMm: 70, heightMm: 30, columns: 3, rows: 8, leftMm: 5, topMm: 5 }
    const own = path.join(folder, 'own.json')
    writeFileSync(own, JSON.stringify({ ...stock, pitchXMm: 72, pitchYMm: 30 }))
    const wrong = (name: string, content: string) => {
      writeFileSync(path.join(folder, name), content)
      return path.join(folder, name)
    }
    const [broken, fewer] = [
      wrong('broken.json', '{"part": '),
      wrong('fewer.json', JSON.stringify({ ...stock, rows: 0 }))
    ]
    const make = (part: string, to = out, who = 'ada') => ['sheets', 'make', who, '--stock', part, '--out', to]
    await expectRefusals(cli, [
      [
        make(own),
        { code: 'stock-invalid', message: '3 columns need 5 + 2 × 72 + 70 = 219 mm, and A4 is 210 mm wide.' }
      ],
      [
        make(broken),
        { code: 'stock-invalid', message: `${broken} holds no JSON: a quote, a comma or a bracket may be missing.` }
      ],
      [make(fewer), { code: 'stock-invalid', message: `${fewer} is no label stock: rows must be at least 1.` }],
      [
        make(path.join(folder, 'none.json')),
        { code: 'file-unreadable', message: `${path.join(folder, 'none.json')} cannot be read: there is no such file.` }
      ],
      [make('A4:10x20'), { code: 'qr-too-small' }],
      [make('L7160', path.join(folder, 'none', 'sheet.pdf')), { code: 'file-unwritable' }],
      [make('L7160', out, 'dee'), { code: 'nothing-done' }],
      [['sheets', 'withdraw', '7'], { code: 'sheet-not-found' }],
      [['sheets', 'reissue', '7', '--out', out], { code: 'sheet-not-found' }]
    ])
    await expectWrongUsage(cli, [
      ['sheets', 'make', 'ada', '--out', out],
      [...make('L7160'), '--lines', 'name,shoe'],
      [...make('L7160'), '--offset', '99,0']
    ])
    expect(await cli.json(['sheets', 'list'])).toEqual([])
    expect(readdirSync(folder).toSorted()).toEqual(['broken.json', 'fewer.json', 'own.json'])
  })

  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'says that the disk is full, leaves no file and withdraws the codes',
    async () => {
      const { cli } = await folderWithUsers()
      const small = path.join(createTestFolder(), 'small')
      mkdirSync(small)
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', small])
      expect(mounted.status).toBe(0)
      onTestFinished(() => void spawnSync('umount', [small]))
      const out = path.join(small, 'sheet.pdf')
      const refusal = await cli.refusal(['sheets', 'make', 'ada', 'bob', '--stock', 'L7160', '--out', out])
      expect(refusal.code).toBe('file-unwritable')
      expect(refusal.message).toMatch(/the disk is full\. The codes of sheet 1 were withdrawn\.$/)
      expect(readdirSync(small)).toEqual([])
      expect(await cli.json(['sheets', 'list'])).toMatchObject([
        { state: 'withdrawn', codes: { withdrawn: 2, live: 0 } }
      ])
    }
  )

  it('that is interrupted leaves no live code and no file, and the next one clears its draft away', async () => {
    const cli = await openSheetFolder(60)
    const out = path.join(cli.folder, 'sheet.pdf')
    expect(await killWhileMaking(cli, { issued: 0, thenMs: 0 })).toBe('killed')
    expect(await killWhileMaking(cli, { issued: 0, thenMs: 100 })).toBe('killed')
    expect(existsSync(out)).toBe(false)
    await cli.json(['sheets', 'make', 'user1', '--stock', 'L7159', '--out', out])
    expect(draftsIn(cli.folder)).toEqual([])
  })
})
