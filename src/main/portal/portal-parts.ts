import type { KeyObject } from 'node:crypto'
import type { Settings } from '../../shared/settings.ts'
import type { ReprovisionLinks } from '../links/one-time-links.ts'
import type { GivenLink, SignedCode } from '../links/signed-codes.ts'
import type { StoreRoom } from '../store/store-watch.ts'
import type { Log } from '../system/log.ts'
import type { Certificate } from './certificate.ts'
import type { Fetch } from './fetch-log.ts'
import type { PortalLimits } from './limits.ts'
import type { Provisioning } from './provisioning.ts'
import type { RequestLog } from './request-log.ts'
import type { ServerDetails } from './server-details.ts'

/** What a portal needs of the folder that it serves. */
export interface PortalParts {
  provisioning: Provisioning
  /** Read for each request, since the settings may change while the portal runs. */
  readServer: () => Promise<ServerDetails>
  readSettings: () => Promise<Settings>
  findSignedCode: (settings: Settings, link: GivenLink) => Promise<SignedCode | null>
  links: Pick<ReprovisionLinks, 'look' | 'redeem'>
  /** Mails a user the link to a code of their own, if they may have one; null where nothing can mail it. */
  requestLink: ((username: string, address: string) => Promise<void>) | null
  noteFetch: (fetch: Fetch) => void
  /** Told when something was done that a screen shows. */
  onChange: () => void
  /** Signs the links of codes that are shown. */
  signing: KeyObject
  /** Rejects when the store cannot be read. */
  checkHealth: () => Promise<StoreRoom>
  /** Whether this came of a full disk; told to whoever watches it. */
  noteStoreFault: (error: unknown) => boolean
  log: Log
}

export interface PortalOptions extends PortalParts {
  limits?: Partial<PortalLimits>
  /** Left out, it speaks plain HTTP. */
  certificate?: Certificate | undefined
  /** Whose `X-Forwarded-For` is believed; nobody's if left out. */
  isTrustedProxy?: (address: string) => boolean
  requests?: RequestLog
}
