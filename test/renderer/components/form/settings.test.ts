import { describe, expect, it } from 'vitest'
import { readWholeNumber } from '../../../../src/renderer/components/form/fields.tsx'
import { asSentence } from '../../../../src/renderer/components/form/sentence.ts'
import { reasonAgainstSetting } from '../../../../src/renderer/components/form/SettingsForm.tsx'

describe('what is typed into a field of a setting', () => {
  it.each([
    ['server.port', '8443', null],
    ['server.port', ' 443 ', null],
    ['server.port', '0', 'must be a whole number from 1 to 65535'],
    ['server.port', '', 'must be a whole number from 1 to 65535'],
    ['server.port', '12.5', 'must be a whole number from 1 to 65535'],
    ['server.port', '9'.repeat(20), 'must be a whole number from 1 to 65535']
  ] as const)('%s: “%s”', (key, typed, reason) => {
    expect(reasonAgainstSetting(key, readWholeNumber(typed))).toBe(reason)
  })

  it('is refused in plain words', () => {
    expect(asSentence(reasonAgainstSetting('server.host', 'https://x') ?? '')).toBe(
      'Must be a host name or an IP address, without scheme or port.'
    )
    expect(asSentence(reasonAgainstSetting('policy.selfReset.mailValidity', 'soon') ?? '')).toBe(
      'Must be a duration from 1m to 30d, such as 24h or 7d.'
    )
  })
})
