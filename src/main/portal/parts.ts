import type { Gate } from '../backup/gate.ts'
import { attemptProvision } from '../provisioning/attempt.ts'
import { wordsOfRefusal } from '../provisioning/refusal.ts'
import { findSignedCode } from '../links/signed-codes.ts'
import type { Services } from '../services.ts'
import { refusalOfDatabase } from '../store/sqlite/refusals.ts'
import type { Db } from '../store/schema.ts'
import { devicePolicies, downloadSecurityStrings } from '../provisioning/device-service.ts'
import type { Log } from '../system/log.ts'
import type { Fetch, FetchLog } from './fetch-log.ts'
import type { PortalParts } from './portal-parts.ts'

/** The portal's side of one open folder. */
export interface FolderPortal extends Omit<PortalParts, 'noteFetch'> {
  writeFetches(fetches: Fetch[]): Promise<void>
}

export function createPortalParts(services: Services, log: Log, onChange: () => void): FolderPortal {
  const { db, time, audit, refusals, reserve, random, settings, links } = services
  const { keys } = services.dataKey
  const parts = {
    db,
    time,
    settings,
    audit,
    refusals,
    reserve,
    keys,
    random,
    async onProvisioned(transaction: Db, userId: number, notice: { atMs: number; address: string }) {
      try {
        // The outbox looks once this transaction has ended.
        if (await services.outbox.queueNotice(transaction, userId, notice)) services.sender.poke()
      } catch (error) {
        // A notice that cannot be written must not keep a phone from being set up; a disk that is full does anyway.
        if (refusalOfDatabase(error)) throw error
        log.error('The notice that a phone was set up could not be put into the outbox.', { error })
      }
    }
  }
  return {
    log,
    onChange,
    signing: keys.signing,
    links,
    async requestLink(username) {
      await links.request(username, services.outbox.queueLink)
      // Also where there is nothing to send, so that the sender looks either way.
      services.sender.poke()
    },
    readSettings: () => settings.read(),
    async readServer() {
      const known = await settings.read()
      return {
        siteId: known['server.siteId'],
        host: known['server.host'],
        port: known['server.port'],
        usesSsl: known['server.usesSsl'],
        connectionType: known['server.connectionType']
      }
    },
    async checkHealth() {
      await db.selectFrom('server_state').select('id').executeTakeFirstOrThrow()
      return services.store.room()
    },
    noteStoreFault: (error) => services.store.note(error),
    findSignedCode: (known, link) => findSignedCode(parts, known, link),
    provisioning: {
      async provision(attempt) {
        const outcome = await attemptProvision(parts, attempt)
        onChange()
        if ('id' in outcome) return { id: outcome.id }
        return { error: wordsOfRefusal(outcome.refusal, await settings.read()) }
      },
      async downloadSecurityStrings(request) {
        const securityStrings = await downloadSecurityStrings(parts, request)
        if (!securityStrings) return { error: 'downloading-security-strings' }
        onChange()
        return { securityStrings, policies: devicePolicies(await settings.read()) }
      }
    },
    async writeFetches(fetches) {
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const entries = fetches.map(({ user, address, agent, state }) => ({
          actor: 'portal',
          kind: 'image.fetched' as const,
          user,
          detail: { address, agent, code: state }
        }))
        await audit.appendAll(transaction, nowMs, entries)
      })
      onChange()
    }
  }
}

/** The portal of whatever the folder holds at the moment: while a restore replaces it, requests wait. */
export function gatedPortal(gate: Gate, inside: () => FolderPortal, { note }: Pick<FetchLog, 'note'>): PortalParts {
  return {
    noteStoreFault: (error) => inside().noteStoreFault(error),
    get log() {
      return inside().log
    },
    get signing() {
      return inside().signing
    },
    get requestLink() {
      const { requestLink } = inside()
      return requestLink && ((username: string, address: string) => gate.pass(() => requestLink(username, address)))
    },
    onChange: () => inside().onChange(),
    noteFetch: note,
    readServer: () => gate.pass(() => inside().readServer()),
    readSettings: () => gate.pass(() => inside().readSettings()),
    checkHealth: () => gate.pass(() => inside().checkHealth()),
    findSignedCode: (settings, link) => gate.pass(() => inside().findSignedCode(settings, link)),
    links: {
      look: (token) => gate.pass(() => inside().links.look(token)),
      redeem: (token, address) => gate.pass(() => inside().links.redeem(token, address))
    },
    provisioning: {
      provision: (attempt) => gate.pass(() => inside().provisioning.provision(attempt)),
      downloadSecurityStrings: (request) => gate.pass(() => inside().provisioning.downloadSecurityStrings(request))
    }
  }
}
