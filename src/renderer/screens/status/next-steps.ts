import type { PortalState } from '../../../shared/portal.ts'
import type { ServerStatus } from '../../../shared/status.ts'

/** What a server needs before a first phone is provisioned, in the order in which it should be done. */
export const stepIds = ['publicName', 'certificate', 'key', 'import', 'issue'] as const
export type StepId = (typeof stepIds)[number]

export interface Step {
  id: StepId
  isDone: boolean
}

export function nextSteps(status: ServerStatus, portal: PortalState): Step[] {
  const untouched = Math.min(status.usersByApp.none, status.usersByCode.none)
  const isDone: Record<StepId, boolean> = {
    publicName: status.publicAddressScope !== 'loopback',
    certificate: isTrustworthy(status, portal),
    key: status.keyOpenedBy !== 'file',
    import: status.users > 0,
    // Somebody has, or had, a code or an app.
    issue: status.users > 0 && untouched < status.users
  }
  return stepIds.map((id) => ({ id, isDone: isDone[id] }))
}

/** Without one of its own, a portal that phones go to by https has a proxy before it, which holds the certificate. */
function isTrustworthy({ publicAddress }: ServerStatus, { certificate, certificateProblem }: PortalState): boolean {
  if (!publicAddress.startsWith('https:') || certificateProblem !== null) return false
  return certificate === null || !certificate.isSelfSigned
}
