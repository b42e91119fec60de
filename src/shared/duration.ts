const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Milliseconds of a duration as people write it: `90s`, `10m`, `24h`, `7d`, `1d12h`; null when it is none. */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase()
  if (!/^(\d{1,9}[smhdw])+$/.test(compact)) return null
  let total = 0
  for (const [, amount, unit] of compact.matchAll(/(\d+)([smhdw])/g)) {
    total += Number(amount) * unitMs[unit as keyof typeof unitMs]
  }
  return total
}

/** The shortest writing that `parseDuration` reads back; a day and a half is `1d12h`, a day is `24h` as administrators say it. */
export function formatDuration(durationMs: number): string {
  if (durationMs > 0 && durationMs < 2 * unitMs.d && durationMs % unitMs.h === 0) return `${durationMs / unitMs.h}h`
  let rest = durationMs
  let text = ''
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const amount = Math.floor(rest / unitMs[unit])
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * unitMs[unit]
  }
  return text || '0s'
}
