import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute } from '../../../../src/renderer/routes.ts'
import { symptomShown, symptomText } from '../../../../src/renderer/screens/troubleshooting/symptoms.ts'
import {
  readSays,
  readWay,
  routeToSays
} from '../../../../src/renderer/screens/troubleshooting/troubleshooting-route.ts'
import { symptoms } from '../../../../src/shared/diagnostics.ts'

describe('the address of Troubleshooting', () => {
  it('carries what the phone says and whose it is there and back', () => {
    for (const symptom of symptoms) {
      for (const username of ['jdoe', String.raw`DOMAIN\jdoe`, '100% & more?', 'ليلى']) {
        const { item, params } = parseRoute(formatRoute(routeToSays({ symptom, username })))
        expect([readWay(item), readSays(params)]).toEqual(['says', { symptom, username }])
      }
    }
  })

  it('opens with the question where it says nothing that is known', () => {
    expect(readWay(null)).toBe('says')
    expect(readWay('nonsense')).toBe('says')
    expect(readSays({ error: 'nonsense', user: '  ' })).toEqual({ symptom: null, username: '' })
    expect(readSays({ user: 'x'.repeat(500) }).username).toHaveLength(200)
  })
})

it('the text that an app shows leads back to its symptom', () => {
  expect(symptoms.map((symptom) => symptomShown(symptomText(symptom)))).toEqual(symptoms)
  expect([symptomShown('Something else'), symptomShown(null)]).toEqual([null, null])
})
