import { simpleParser } from 'mailparser'
import { expect, it, onTestFinished } from 'vitest'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { systemRandom } from '../../../src/main/system/clock.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { maxLinkDelayMs } from '../../../src/main/outbox/queue.ts'
import { createOutboxService } from '../../../src/main/outbox/outbox-service.ts'
import { createShippedTemplates } from '../../../src/main/mail/shipped-templates.ts'
import { createTemplateService } from '../../../src/main/mail/template-service.ts'
import { createTransportService } from '../../../src/main/mail/transport-service.ts'
import { createTokenSource } from '../../../src/main/mail/oauth-tokens.ts'
import { resourcesFolder } from '../../../src/main/system/program-folder.ts'
import { createSettingsService } from '../../../src/main/settings/settings-service.ts'
import { findUserByKey } from '../../../src/main/users/user-store.ts'
import { fileKeySources } from '../../support/console.ts'
import { openMailConsole } from '../../support/mail-console.ts'

it('a one-time link is mailed to its user, sealed while it waits, and to nobody without an address', async () => {
  const console = await openMailConsole(1)
  await console.call('users:add', { username: 'nomail', group: 'Staff' })
  // As the User Portal of another program over the same folder does it.
  const { db, close } = await openDatabase(`${console.folder}/console.db`)
  onTestFinished(close)
  const { keys } = await openDataKey(console.folder, fileKeySources, console.clock)
  const time = createTimekeeper(console.clock)
  const audit = createAuditLog(keys.audit)
  const settings = createSettingsService(db, time, audit, keys.sealing)
  const tokens = createTokenSource(console.clock)
  const transports = createTransportService({ db, time, audit, sealing: keys.sealing, settings, tokens })
  const shipped = createShippedTemplates(`${resourcesFolder}/mail`)
  const templates = createTemplateService(db, time, audit, shipped, transports)
  const parts = { db, time, random: systemRandom, keys, settings, audit, templates, transports }
  const outbox = createOutboxService({ ...parts, poke: () => undefined, openWhenPossible: () => undefined })

  const queueLink = (username: string) =>
    db.transaction().execute(async (transaction) => {
      const user = await findUserByKey(transaction, username)
      return outbox.queueLink(transaction, user ?? expect.fail(`no ${username}`), link)
    })
  const link = {
    url: 'https://portal.example.com/userportal/reprovision/t0ken',
    expiresAtMs: console.clock.nowMs() + 600_000
  }
  expect(await queueLink('u1')).toBe(true)
  const rows = await db.selectFrom('mails').select(['sealed', 'kind']).execute()
  expect(rows).toMatchObject([{ kind: 'link' }])
  expect(JSON.stringify(rows)).not.toContain('t0ken')
  // Nothing is sent while whoever asked may still watch how fast the portal answers.
  console.clock.advance(14_999)
  expect(await console.sendDue()).toBe('waiting')
  expect(console.sink.received).toEqual([])
  console.clock.advance(maxLinkDelayMs)
  expect(await console.sendDue()).toBe('done')
  const mail = await simpleParser(console.sink.received[0]?.raw ?? Buffer.alloc(0))
  expect(mail.text).toContain(link.url)
  expect((await db.selectFrom('mails').select('sealed').execute())[0]?.sealed).toBeNull()
  expect(await queueLink('nomail')).toBe(false)
})
