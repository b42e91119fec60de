/** What one client, or all of them, may cost the portal. */
export interface PortalLimits {
  bodyBytes: number
  /** Request line and headers together. */
  headerBytes: number
  /** From the connection's first moment, so that saying nothing at all counts too. */
  headersTimeoutMs: number
  requestTimeoutMs: number
  connections: number
  keepAliveTimeoutMs: number
  /** How often the two time limits are looked at; a client may overstay by this much. */
  checkIntervalMs: number
  /** How long a client that sends too large a body may go on before it is cut off. */
  lingerMs: number
  /** How long requests under way may take to end once the portal closes. */
  closeGraceMs: number
}

/** The design's figures for size, time and connections; the others follow from them. */
export const defaultPortalLimits: PortalLimits = {
  bodyBytes: 8 * 1024,
  headerBytes: 8 * 1024,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  connections: 256,
  keepAliveTimeoutMs: 5_000,
  checkIntervalMs: 500,
  lingerMs: 2_000,
  closeGraceMs: 1_000
}
