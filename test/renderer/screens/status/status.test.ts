import { describe, expect, it, vi } from 'vitest'
import type { CodeDay, StatusFinding } from '../../../../src/shared/status.ts'
import { chartLabel, countsOf } from '../../../../src/renderer/screens/status/code-days.ts'
import {
  findingCures,
  findingText,
  findingTitle,
  type HowTo
} from '../../../../src/renderer/screens/status/finding-words.ts'
import { en } from '../../../../src/renderer/words/en.ts'
import { briefTime } from '../../../../src/renderer/words/time.ts'
import { sizeWords } from '../../../../src/renderer/words/size.ts'

const nowMs = Date.UTC(2026, 4, 4, 9)
const dayMs = 86_400_000

const address = 'https://192.168.1.4'
const findings: StatusFinding[] = [
  { id: 'addressNarrow', address, scope: 'private', isMailed: true },
  { id: 'addressNarrow', address, scope: 'loopback', isMailed: false },
  { id: 'plainHttp', address },
  { id: 'certificateSelfSigned' },
  { id: 'certificateUnreadable', problem: 'The file cannot be read.' },
  { id: 'certificateEnds', atMs: nowMs + 9 * dayMs, isOver: false },
  { id: 'certificateEnds', atMs: nowMs - 2 * dayMs, isOver: true },
  { id: 'diskFull', folder: '/srv/console' },
  { id: 'portalDown', problem: null },
  { id: 'portalInConsole' },
  { id: 'outboxStopped', batchId: 3, reason: null },
  { id: 'mailsUnknown', mails: 1 },
  { id: 'mailsFailed', mails: 2_000 },
  { id: 'codesExpired', users: 41 },
  { id: 'clockBehind', byMs: 25 * 3_600_000, sinceMs: nowMs },
  { id: 'clockBehind', byMs: 25 * 3_600_000, sinceMs: null },
  { id: 'backupOld', atMs: null },
  { id: 'backupOld', atMs: nowMs - 12 * dayMs },
  { id: 'keyFile' }
]

describe('what needs attention', () => {
  it('says for each what is the matter, what to do, and has a button that is named after it', () => {
    for (const finding of findings) {
      const texts = [findingTitle(finding, nowMs), findingText(finding)]
      const labels = findingCures(finding, () => undefined).map(({ label }) => label)
      expect(labels.length).toBeGreaterThan(0)
      expect(new Set(labels).size).toBe(labels.length)
      for (const text of [...texts, ...labels]) expect(text).not.toMatch(/\{\{|status\.|undefined/)
      expect(texts[1]).toMatch(/\.$/)
    }
  })

  it('has its numbers and times in the title', () => {
    const titles = findings.map((finding) => findingTitle(finding, nowMs))
    expect(titles).toEqual(
      expect.arrayContaining([
        'The certificate ends in 9 days',
        'The certificate ended 2 days ago',
        '1 mail may not have arrived',
        '2,000 or more mails could not be sent',
        '41 codes expired unused',
        `This server’s time runs 25 h ahead since ${briefTime(nowMs)}`,
        'This server’s time runs 25 h ahead',
        'There is no backup yet',
        'The last backup was made 12 days ago'
      ])
    )
  })

  it('explains step by step what is done outside the console', () => {
    const explain = vi.fn<(about: HowTo) => void>()
    const outside = new Set(['portalInConsole', 'clockBehind', 'diskFull'])
    for (const finding of findings.filter(({ id }) => outside.has(id))) {
      for (const { run } of findingCures(finding, explain)) run()
    }
    expect(new Set(explain.mock.calls.flat())).toEqual(new Set(Object.keys(en.status.howTo)))
  })
})

describe('codes by day', () => {
  const days: CodeDay[] = [
    { startMs: Date.UTC(2026, 4, 3, 12), issued: 1_200, used: 1, expired: 0 },
    { startMs: Date.UTC(2026, 4, 4, 12), issued: 4, used: 2, expired: 0 }
  ]

  it('tells those who do not see the chart what it shows', () => {
    expect(chartLabel(days, 'issued')).toMatch(/^Issued: 1,204 in 2 days; most on .*3.*, 1,200$/)
    expect(chartLabel(days, 'expired')).toBe('Expired unused: none in 2 days')
    expect(countsOf(days, 'used').total).toBe(3)
  })
})

describe('a size', () => {
  it.each([
    [1, '1 byte'],
    [1_340, '1.3 kB'],
    [41_000_000, '41 MB']
  ])('of %i bytes is %s', (bytes, words) => {
    expect(sizeWords(bytes).replace('\u00a0', ' ')).toBe(words)
  })
})
