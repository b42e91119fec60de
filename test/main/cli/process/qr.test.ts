import path from 'node:path'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readQrPicture } from '../../../../src/main/qr/decode.ts'
import { createQrMatrix } from '../../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../../src/main/qr/png.ts'
import { createCliFolder, expectRefusals, expectWrongUsage, type Cli } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

interface Decoded {
  text: string
  siteId: number | null
  username: string | null
  ours: boolean
  state: string | null
  expiresAt: string | null
  finding: string
}

/** What is in a picture that holds something else than live codes of ours: told all the same, with exit code 1. */
async function notWell(cli: Cli, file: string): Promise<Decoded[]> {
  const { exitCode, stdout, stderr } = await cli.run(['decode', file, '--json'])
  expect([exitCode, stderr]).toEqual([1, ''])
  return JSON.parse(stdout) as Decoded[]
}

async function folderWithUsers() {
  const { console, cli } = await createCliFolder('username\nJo Doe\nidle\n')
  await console.call('users:disable', { selection: { usernames: ['idle'] } })
  return { console, cli, files: createTestFolder() }
}

describe('provision qr and decode', () => {
  it('writes an image whose text is the URL of a code, and says of it whose it is and whether it lives', async () => {
    const { cli, files } = await folderWithUsers()
    const png = path.join(files, 'q.png')
    const written = await cli.json<{ username: string; file: string; expiresAt: string }>([
      'qr',
      'jo doe',
      '--out',
      png,
      '--valid',
      '2h'
    ])
    expect(written).toEqual({ username: 'Jo Doe', file: png, expiresAt: expect.any(String) as string })
    expect(statSync(png).mode & 0o777).toBe(0o600)
    const [inPicture] = await readQrPicture(readFileSync(png))

    const [live] = await cli.json<Decoded[]>(['decode', png])
    expect(live).toMatchObject({
      origin: 'issued',
      warning: null,
      scan: { verdict: 'good', advice: [] },
      text: inPicture?.text,
      siteId: expect.any(Number) as number,
      username: 'Jo Doe',
      ours: true,
      state: 'live',
      expiresAt: written.expiresAt,
      finding: 'The code of Jo Doe is live.'
    })
    const asText = await cli.run(['decode', png])
    expect(asText.stdout).toMatch(/^The code of Jo Doe is live\. It ends \S+ \S+ UTC\.\n {2}https:\S+\n$/)

    // The same form as a revealed code's, which ends this one.
    const [revealed] = await cli.json<{ code: string; url: string }[]>(['codes', 'issue', 'Jo Doe', '--reveal'])
    const [base] = (inPicture?.text ?? '').split(/[0-9A-Z]+$/)
    expect(revealed?.url).toBe(`${base}${revealed?.code}`)
    expect(await notWell(cli, png)).toMatchObject([
      { username: 'Jo Doe', state: 'superseded', finding: 'The code of Jo Doe was superseded by a newer one.' }
    ])
    writeFileSync(png, renderQrPng(createQrMatrix(revealed?.url ?? ''), { scale: 4 }))
    expect(await cli.json(['decode', png])).toMatchObject([{ text: revealed?.url, username: 'Jo Doe', state: 'live' }])

    const svg = path.join(files, 'q.SVG')
    await cli.json(['qr', 'Jo Doe', '--out', svg])
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /)
    expect((await notWell(cli, png))[0]?.state).toBe('superseded')
  })

  it('issues no code and leaves no file where the image cannot be written or the user cannot have one', async () => {
    const { cli, files } = await folderWithUsers()
    await cli.json(['codes', 'issue', 'Jo Doe'])
    const out = path.join(files, 'q.png')
    const kept = path.join(files, 'kept.png')
    writeFileSync(kept, 'an earlier picture')

    const unwritable = path.join(files, 'no such folder', 'q.png')
    await expectRefusals(cli, [
      [
        ['qr', 'Jo Doe', '--out', unwritable],
        {
          code: 'file-unwritable',
          message: expect.stringMatching(/cannot be written.*No code was issued\.$/) as string
        }
      ],
      [['qr', 'nobody', '--out', out], { code: 'user-not-found' }],
      [['qr', 'idle', '--out', kept], { code: 'user-disabled' }]
    ])
    await expectWrongUsage(cli, [
      ['qr', 'Jo Doe', '--out', path.join(files, 'q.gif')],
      ['qr', 'Jo Doe'],
      ['qr', 'Jo Doe', '--out', out, '--scale', '21']
    ])

    expect(readdirSync(files)).toEqual(['kept.png'])
    expect(readFileSync(kept, 'utf8')).toBe('an earlier picture')
    expect(await cli.json(['codes', 'list'])).toMatchObject([{ username: 'Jo Doe', state: 'live' }])
  })

  it.skipIf(!existsSync('/dev/full'))('withdraws a code whose image did not get onto the disk', async () => {
    const { cli, files } = await folderWithUsers()
    const full = path.join(files, 'q.png')
    symlinkSync('/dev/full', full)
    const error = await cli.refusal(['qr', 'Jo Doe', '--out', full])
    expect(error).toMatchObject({
      code: 'file-unwritable',
      message: expect.stringMatching(/the disk is full\. The code was withdrawn\.$/) as string
    })
    expect(await cli.json(['codes', 'list'])).toMatchObject([{ username: 'Jo Doe', state: 'withdrawn' }])
  })

  it('says what a picture is that holds no live code of ours', async () => {
    const { console, cli, files } = await folderWithUsers()
    const write = (name: string, content: string | Uint8Array) => {
      writeFileSync(path.join(files, name), content)
      return path.join(files, name)
    }
    const draw = (name: string, text: string) => write(name, renderQrPng(createQrMatrix(text), { scale: 4 }))

    // An escape would change the title of the terminal's window.
    const foreign = await cli.run(['decode', draw('web.png', 'https://example.com/\u001b]0;owned\u0007')])
    expect(foreign).toMatchObject({
      exitCode: 1,
      stdout:
        'This is no provision code.\n  https://example.com/\ufffd]0;owned\ufffd\n' +
        '  ! It is a link that is not ours; do not open it.\n'
    })
    const { 'server.siteId': siteId } = await cli.json<Record<string, number>>(['settings', 'get', 'server.siteId'])
    const strange = `https://h/${siteId}/%1b%5d0;owned%07/ABCDE12345`
    expect((await cli.run(['decode', draw('strange.png', strange)])).stdout).toBe(
      `This is for “\ufffd]0;owned\ufffd”, and there is no such user.\n  ${strange}\n` +
        '  ! It was made for another server or another user; do not open it.\n'
    )
    const { issued } = await console.call('codes:issue', { selection: { usernames: ['Jo Doe'] }, reveal: true })
    const ours = draw('ours.png', issued[0]?.url ?? '')
    await console.call('codes:withdraw', { selection: { usernames: ['Jo Doe'] } })
    expect(await notWell(cli, ours)).toMatchObject([
      { username: 'Jo Doe', ours: true, state: 'withdrawn', finding: 'The code of Jo Doe was withdrawn.' }
    ])

    // One white pixel.
    const blank = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEANl9ngAAAAABJRU5ErkJggg=='
    await expectRefusals(cli, [
      [['decode', write('blank.png', Buffer.from(blank, 'base64'))], { code: 'qr-not-found' }],
      [['decode', write('text.png', 'no picture at all')], { code: 'picture-unreadable' }],
      [['decode', path.join(files, 'none.png')], { code: 'file-unreadable' }]
    ])
  })
})
