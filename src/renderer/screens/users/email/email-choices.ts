import { useState } from 'react'
import { useNowMs } from '../../../components/now.ts'
import { codeLifeOf, toDateField, type Validity } from '../code-life.ts'
import { sendingTimeOf, type SendingTime } from './email-plan.ts'

/** What the person chooses about the codes and the time; null is what cannot be taken yet. */
export function useChoices() {
  const nowMs = useNowMs()
  const [validity, setValidity] = useState<Validity>('default')
  const [until, setUntil] = useState(() => toDateField(Date.now() + 3 * 86_400_000))
  const [when, setWhen] = useState<SendingTime>('now')
  const [at, setAt] = useState(() => toDateField(Date.now() + 3_600_000))
  const [includeProvisioned, setIncludeProvisioned] = useState(false)
  return {
    validity,
    setValidity,
    until,
    setUntil,
    when,
    setWhen,
    at,
    setAt,
    includeProvisioned,
    setIncludeProvisioned,
    life: codeLifeOf(validity, until, nowMs),
    atMs: sendingTimeOf(when, at, nowMs)
  }
}

export type Choices = ReturnType<typeof useChoices>
