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
  /** Requests that a client may send over one connection while an earlier one is answered. */
  pipelined: number
  /** Requests of one kind (of apps, for pictures, for pages) that wait for their turn. */
  waiting: number
  /**
   * Requests of each kind that are worked on at once: few, since all share one thread and one database. More of apps, whose
   * attempts share a commit when they come together.
   */
  appsRunning: number
  picturesRunning: number
  pagesRunning: number
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
  pipelined: 8,
  waiting: 128,
  appsRunning: 32,
  picturesRunning: 2,
  pagesRunning: 4,
  checkIntervalMs: 500,
  lingerMs: 2_000,
  closeGraceMs: 1_000
}
