import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import { openConsole } from '../../src/main/console.ts'
import { compileTemplate } from '../../src/main/mail/compiled-template.ts'
import { composeByNodes, createComposer, type Letter } from '../../src/main/mail/message.ts'
import type { CallInput, CallName } from '../../src/shared/contract.ts'
import type { Bench } from './row.ts'

const mails = 400
const connections = 20

/** As large as the mail of the figures: 9.6 KB. */
const html = `<p>Hello %NAME%, <a href="url3">set up</a> <img src=url4 alt="%CODE%"></p>\n${Array.from(
  { length: 62 },
  (_, index) => `<p style="margin:0 0 12px;color:#1f2933">Line ${index} of what every mail of the batch says alike.</p>`
).join('\n')}`
const content = { subject: 'Set up your app, %NAME%', html, text: 'Hello %NAME%\nurl3\nCode: %CODE%' }

const letterOf = (index: number): Letter => ({
  from: { name: 'Help Desk', address: 'help@example.com' },
  replyTo: null,
  to: { name: `Jörg User ${index}`, address: `u${index}@example.com` },
  messageId: `<${index.toString(16).padStart(32, '0')}@example.com>`,
  atMs: 1_777_885_200_000,
  values: {
    NAME: `Jörg User ${index}`,
    CODE: 'K7QM4T9XPD',
    url3: `https://auth.example.com:8443/userportal/complete/48213/u${index}/K7QM4T9XPD?s=IQzDgnBfCXNFm8I974NJPyOF1Zw`,
    url4: `https://auth.example.com:8443/userportal/getQRCode?text=u${index}&s=IQzDgnBfCXNFm8I974NJPyOF1Zw`
  },
  picture: null
})

export async function bench(): Promise<Bench> {
  const sink = spawn(process.execPath, [path.join(import.meta.dirname, 'smtp-sink-process.ts')], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const [line] = (await once(sink.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  const template = await compileTemplate(content, { html: true, qrImage: 'linked' })
  const compose = createComposer(template)
  const letters = Array.from({ length: mails }, (_, index) => letterOf(index))
  const raws = letters.map((letter) => compose(letter))

  const pool = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: connections,
    maxMessages: Infinity
  })
  const composing = async () => {
    await Promise.all(
      letters.map(({ from, to, values }) =>
        pool.sendMail({
          from,
          to,
          subject: `Set up your app, ${values['NAME']}`,
          html: html.replaceAll('%NAME%', values['NAME'] ?? '').replaceAll('url3', values['url3'] ?? ''),
          text: `Hello ${values['NAME']}\n${values['url3']}\nCode: ${values['CODE']}`
        })
      )
    )
  }
  const fedRaw = async () => {
    await Promise.all(
      letters.map(({ from, to }, index) =>
        pool.sendMail({ envelope: { from: from.address, to: to.address }, raw: raws[index] ?? '' })
      )
    )
  }

  const folder = mkdtempSync(path.join(tmpdir(), 'provision-bench-'))
  const log = { info: () => undefined, warn: () => undefined, error: console.error }
  const opened = await openConsole({
    folder,
    sources: { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null },
    log
  })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>) => {
    const result = await opened.dispatch(name, input, { actor: 'bench', role: 'administrator' })
    if (!result.ok) throw new Error(result.error.message)
  }
  await call('settings:set', {
    changes: {
      'transport.default.host': '127.0.0.1',
      'transport.default.port': port,
      'transport.default.security': 'none',
      'transport.default.sender': 'Help Desk <help@example.com>',
      'transport.default.qrImage': 'linked',
      'transport.default.connections': connections
    }
  })
  await call('templates:set', { kind: 'code', ...content })
  const users = letters.map(({ to }, index) => `u${index},${to.name},${to.address},Staff`)
  await call('users:import', { content: Buffer.from(`username,name,email,group\n${users.join('\n')}\n`) })
  // From the outbox row on: codes issued and rows committed before, states after.
  const durable = async () => {
    await call('mail:send', { selection: { filter: {} } })
    await opened.sendDue()
  }

  return {
    rows: [
      {
        kind: 'speed',
        name: `mails of ${Math.round((raws[0]?.length ?? 0) / 102.4) / 10} KB composed`,
        ours: { operations: mails, run: () => letters.forEach((letter) => compose(letter)) },
        reference: {
          name: 'nodemailer MimeNode, the same bytes',
          operations: mails,
          run: async () => {
            for (const letter of letters) await composeByNodes(template, letter)
          }
        },
        holdRatio: 3,
        rounds: 5
      },
      {
        kind: 'speed',
        name: 'mails issued, queued, sent, all durable, 20 connections',
        ours: { operations: mails, run: durable },
        reference: { name: 'nodemailer composing, nothing durable', operations: mails, run: composing },
        holdRatio: 0.8,
        aimRatio: 3,
        holdPerSecond: 1200,
        rounds: 5
      },
      {
        kind: 'speed',
        name: 'the same against nodemailer fed raw',
        ours: { operations: mails, run: durable },
        reference: { name: 'nodemailer fed raw, nothing durable', operations: mails, run: fedRaw },
        holdRatio: 0.2,
        rounds: 5
      }
    ],
    async close() {
      pool.close()
      await opened.close()
      sink.stdin.end()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
