import { describe, expect, it } from 'vitest'
import { commandDefinitions } from '../../../../src/renderer/commands/definitions.ts'
import { formatRoute, parseRoute } from '../../../../src/renderer/routes.ts'
import { screens } from '../../../../src/renderer/screens/index.ts'
import { commandOfScreen, placeOfCure, type Cure } from '../../../../src/renderer/screens/troubleshooting/cures.ts'
import { t } from '../../../../src/renderer/words/index.ts'
import { cure, cureScreens } from '../../../../src/shared/diagnostics.ts'
import { settingKey } from '../../../../src/shared/settings.ts'

type Kind = Cure['kind']

/** One cure of each kind and act that the core's own schema knows, and where its button leads; null for what is done in place. */
const expected: Record<Kind, { cure: Cure; address: string | null }[]> = {
  user: (['issue', 'enable', 'unlock', 'open', 'change-group'] as const).map((act) => ({
    cure: { kind: 'user', act, username: 'ada' },
    address: null
  })),
  'set-time-right': [{ cure: { kind: 'set-time-right' }, address: null }],
  'add-user': [{ cure: { kind: 'add-user', username: 'eve' }, address: null }],
  setting: [
    { cure: { kind: 'setting', key: 'server.port' }, address: '#/name?field=server.port' },
    {
      cure: { kind: 'setting', key: 'policy.selfReset.qrCodeUrl' },
      address: '#/self-reset?field=policy.selfReset.qrCodeUrl'
    },
    {
      cure: { kind: 'setting', key: 'policy.codes.trustedNetworks' },
      address: '#/codes?field=policy.codes.trustedNetworks'
    }
  ],
  group: [{ cure: { kind: 'group', group: 'Night shift' }, address: '#/groups/Night%20shift' }],
  screen: [
    {
      cure: { kind: 'screen', screen: 'transport', item: 'default', field: 'html' },
      address: '#/transport/default?field=html'
    },
    {
      cure: { kind: 'screen', screen: 'transport', item: 'template:code', field: null },
      address: '#/transport/template%3Acode'
    },
    {
      cure: { kind: 'screen', screen: 'portal', item: null, field: 'portal.certificateFile' },
      address: '#/portal?field=portal.certificateFile'
    },
    { cure: { kind: 'screen', screen: 'troubleshooting', item: 'qr', field: null }, address: '#/troubleshooting/qr' },
    { cure: { kind: 'screen', screen: 'users', item: null, field: null }, address: '#/users' }
  ],
  elsewhere: [
    { cure: { kind: 'elsewhere', command: 'provision portal' }, address: null },
    { cure: { kind: 'elsewhere', command: null }, address: null }
  ]
}

describe('the button of a cure', () => {
  it('is thought of for every kind and act that the core can name', () => {
    expect(Object.keys(expected).toSorted()).toEqual(cure.options.map(({ shape }) => shape.kind.value).toSorted())
    const [ofUser] = cure.options
    expect(ofUser.shape.act.options).toEqual(expected.user.map(({ cure: one }) => 'act' in one && one.act))
    expect(new Set(expected.screen.map(({ cure: one }) => 'screen' in one && one.screen))).toEqual(new Set(cureScreens))
  })

  it.each(Object.values(expected).flat())('leads to $address', ({ cure: one, address }) => {
    const place = placeOfCure(one)
    expect(place && formatRoute(place)).toBe(address)
  })

  it('that leads somewhere leads to a screen that there is, under the name by which it is known', () => {
    for (const [id, command] of Object.entries(commandOfScreen)) {
      const screen = screens.find((each) => each.id === id)
      expect([id, screen?.command]).toEqual([id, command])
      expect(commandDefinitions[command].title).toBe(t('commands.goTo', { screen: screen?.title ?? '' }))
    }
  })

  it.each(settingKey.options)('for %s leads to the screen that has the field', (key) => {
    const place = placeOfCure({ kind: 'setting', key })
    expect(parseRoute(formatRoute(place!))).toMatchObject({ screen: place?.screen, params: { field: key } })
    // Some screens put their keys together from a list of the last words.
    expect(sourceOfScreen(place?.screen ?? '')).toMatch(new RegExp(`['.]${key.split('.').at(-1)}'`))
  })
})

const sources = import.meta.glob<string>('../../../../src/renderer/screens/*/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true
})

/** All that the screen is made of, as text. */
function sourceOfScreen(id: string): string {
  return Object.entries(sources)
    .filter(([file]) => file.includes(`/screens/${id}/`))
    .map(([, source]) => source)
    .join('\n')
}
