import type { AuditVerification } from '../../../shared/audit.ts'
import { auditHead, type AuditHead } from '../../../shared/backup.ts'

/** The file that “audit head” writes as well, so that either program reads the other's. */
export function writeHead({ id, mac, atMs }: NonNullable<AuditVerification['head']>): string {
  return `${JSON.stringify({ id, mac, at: new Date(atMs).toISOString() })}\n`
}

/** Null for what is no head of a log. */
export function readHead(text: string): AuditHead | null {
  try {
    return auditHead.parse(JSON.parse(text))
  } catch {
    return null
  }
}
