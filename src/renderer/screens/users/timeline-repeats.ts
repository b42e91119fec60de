import type { AuditEntry } from '../../../shared/audit.ts'
import { auditSentence } from '../../words/audit-sentence.ts'

/** Entries that say the same one after the other, such as a phone that tries again and again, become one with their number. */
export function groupRepeats(timeline: readonly AuditEntry[]): { entry: AuditEntry; times: number }[] {
  const groups: { entry: AuditEntry; times: number; sentence: string }[] = []
  for (const entry of timeline) {
    const sentence = `${entry.actor} ${auditSentence(entry)}`
    const last = groups.at(-1)
    if (last?.sentence === sentence) last.times += 1
    else groups.push({ entry, times: 1, sentence })
  }
  return groups
}
