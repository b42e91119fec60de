import type { Gate } from '../backup/gate.ts'
import { attemptProvision } from '../provisioning/attempt.ts'
import { findSignedCode } from '../links/signed-codes.ts'
import type { Services } from '../services.ts'
import { refusalOfDatabase } from '../store/sqlite/refusals.ts'
import type { Write } from '../store/write.ts'
import { devicePolicies, downloadSecurityStrings } from '../provisioning/device-service.ts'
import type { Log } from '../system/log.ts'
import type { Fetch, FetchLog } from './fetch-log.ts'
import type { PortalParts } from './portal-parts.ts'

/** The portal's side of one open folder. */
export interface FolderPortal extends Omit<PortalParts, 'noteFetch'> {
  writeFetches(fetches: Fetch[]): Promise<void>
}

export function createPortalParts(services: Services, log: Log, onChange: () => void): FolderPortal {
  const { db, time, store, refusals, reserve, random, settings, links } = services
  const { keys } = services.dataKey
  const parts = {
    db,
    time,
    store,
    settings,
    refusals,
    reserve,
    keys,
    random,
    async queueNotice(write: Write, userId: number, notice: { atMs: number; address: string }) {
      try {
        return await write.savepoint(() => services.outbox.queueNotice(write, userId, notice))
      } catch (error) {
        // A notice that cannot be written must not keep a phone from being set up; a disk that is full does anyway.
        if (refusalOfDatabase(error)) throw error
        log.error('The notice that a phone was set up could not be put into the outbox.', { error })
        return false
      }
    },
    onNotice: () => services.sender.poke()
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
      return services.storeWatch.room()
    },
    noteStoreFault: (error) => services.storeWatch.note(error),
    findSignedCode: (known, link) => findSignedCode(parts, known, link),
    provisioning: {
      async provision(attempt) {
        const outcome = await attemptProvision(parts, attempt)
        onChange()
        return 'id' in outcome ? { id: outcome.id } : { error: outcome.error }
      },
      async downloadSecurityStrings(request) {
        const securityStrings = await downloadSecurityStrings(parts, request)
        if (!securityStrings) return { error: 'downloading-security-strings' }
        onChange()
        return { securityStrings, policies: devicePolicies(await settings.read()) }
      }
    },
    async writeFetches(fetches) {
      const entries = fetches.map(({ user, address, agent, state }) => ({
        kind: 'image.fetched' as const,
        user,
        detail: { address, agent, code: state }
      }))
      await store.write({ actor: 'portal' }, (write) => write.record(...entries))
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
