import { maxFileBytes } from '../../shared/file-limit.ts'

/** What a browser may cost the host. */
export interface HostLimits {
  /** Of a call, as JSON. */
  bodyBytes: number
  /** Of the calls with large files that are in hand, together. */
  uploadBytes: number
  headersTimeoutMs: number
  requestTimeoutMs: number
  keepAliveTimeoutMs: number
  connections: number
  /** How often the time limits are looked at; who says nothing may overstay by this much. */
  checkIntervalMs: number
  /** An event stream says something at least this often, so that either end notices that the other is gone. */
  heartbeatMs: number
  /** Events waiting for a browser that does not read them, before it is cut off; it asks anew when it comes back. */
  unreadBytes: number
  /** How long answers under way may take to end once the host closes. */
  closeGraceMs: number
}

/** A call's own texts, such as the names of as many users as one call may name. */
const maxTextBytes = 88 * 1024 * 1024

export const defaultHostLimits: HostLimits = {
  bodyBytes: maxTextBytes,
  uploadBytes: maxFileBytes + 64 * 1024,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 5_000,
  connections: 64,
  checkIntervalMs: 500,
  heartbeatMs: 15_000,
  unreadBytes: 1024 * 1024,
  closeGraceMs: 1_000
}
