import { describe, expect, it } from 'vitest'
import { deriveKeys, type DerivedKeys } from '../../../src/main/keys/derived-keys.ts'

function toHex(keys: DerivedKeys): Record<string, string> {
  const { check, ...objects } = keys
  const exported = Object.entries(objects).map(([name, key]) => [name, key.export().toString('hex')])
  return { ...Object.fromEntries(exported), check }
}

describe('deriveKeys', () => {
  it('derives what folders in the field were written with', () => {
    // Worked out apart from this program, by RFC 5869 with an empty salt and `provision-console/1/PURPOSE` as info.
    expect(toHex(deriveKeys(Buffer.alloc(32, 7)))).toEqual({
      pepper: '1de420d7050cb191932c8ffee5292da55b3f7ef009ee46ce7c4fc255de3186aa',
      sealing: '37119bd2f017c69cd80d6101235c8817ddf8609a8a44bef23f8a8d5546df0383',
      signing: 'c3b1ef736e7e22d253fff1b6439b294ce8a82b69c66f4de44047176bd9606fe1',
      audit: '276f6716729abf97be50406754c85826ab7a167a3f2fe1878bd4e29a05d9d2d3',
      slots: '27884e5bb1c4f4371445fa287959e9aed0b77a4a6237b9967319129ef437521a',
      check: 'ZYjLUIMLLIis34tXtiYOXU3RR7HmEz4xL_QAh1cAZNk'
    })
  })

  it('derives a key of its own for each purpose and each data key', () => {
    const all = [7, 8].flatMap((fill) => Object.values(toHex(deriveKeys(Buffer.alloc(32, fill)))))
    expect(new Set(all).size).toBe(12)
  })
})
