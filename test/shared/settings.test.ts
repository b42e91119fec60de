import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isSettingKey,
  settingDefaults,
  settingKeys,
  settingSchemas,
  urlHost,
  type SettingKey
} from '../../src/shared/settings.ts'

const takes = (key: SettingKey, value: unknown) => settingSchemas[key].safeParse(value).success

/** Why a value is refused: what stands behind the key in the refusal's sentence. */
const reasonOf = (key: SettingKey, value: unknown) => settingSchemas[key].safeParse(value).error?.issues[0]?.message

function describeRule(key: SettingKey, good: unknown[], bad: unknown[]): void {
  describe(`the setting ${key}`, () => {
    it.each(good.map((value) => [value]))('may be %j', (value) => {
      expect(takes(key, value)).toBe(true)
    })
    it.each(bad.map((value) => [value]))('may not be %j', (value) => {
      expect(takes(key, value)).toBe(false)
    })
  })
}

const longest = (end: string) => 'https://host/'.padEnd(500 - end.length, 'x') + end

const hosts = {
  good: [
    'host',
    'Host.Example.COM',
    'a-b.example',
    'xn--mnchen-3ya.de',
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '[::1]',
    '::',
    '2001:db8::7',
    '::ffff:192.0.2.1',
    'localhost',
    `${'a'.repeat(63)}.example`
  ],
  bad: [
    '',
    ' ',
    'ho st',
    ' host',
    'host ',
    'host\n',
    'host\0',
    'https://host',
    'host:8443',
    '127.0.0.1:80',
    'host/path',
    'user@host',
    'host?',
    'host#',
    'host.',
    '.host',
    'a..b',
    '..',
    '-host',
    'host-',
    'münchen.de',
    'ho_st',
    '*',
    '1.2.3',
    '127.1',
    '300.1.2.3',
    '010.0.0.1',
    '0x7f.1',
    '[::1',
    '::1]',
    '[[::1]]',
    '[::1]:80',
    '::1]:80/path',
    '[::1]:80/path',
    '::1]@evil.example/[',
    'fe80::1%eth0',
    ':::',
    '12345::',
    '[host]',
    '[127.0.0.1]',
    'a'.repeat(64),
    'a.'.repeat(127),
    'javascript:alert(1)',
    1,
    null,
    ['host'],
    {}
  ]
}
describeRule('server.host', hosts.good, hosts.bad)
describeRule('portal.address', hosts.good, hosts.bad)

for (const key of ['provisioningUrl', 'settingsUrl', 'completeUrl', 'qrCodeUrl'] as const) {
  const withQuery = ['https://[::1]:8443/x?text=', "https://host/it's?a=b&c=%20"]
  describeRule(
    `policy.selfReset.${key}`,
    [
      'https://host/',
      'HTTP://host:8443/userportal/complete/',
      'https://[::1]:8443/x',
      "https://host/it's(1)!*/%20/",
      longest('/'),
      // To the others segments of a path are appended.
      ...(key === 'qrCodeUrl' ? withQuery : [])
    ],
    [
      '',
      'host/path',
      '//host/path',
      'ftp://host/',
      'javascript:alert(1)',
      'JavaScript:https://host/',
      'data:text/html,x',
      ' https://host/',
      'https://host/ ',
      'https://ho st/',
      'https://host/\n',
      'https://host/\tx',
      'https://host/\0',
      'https://host/\u0007',
      'https://host/\u202e',
      'https://host/#part',
      'https://host/"x',
      'https://host/<x>',
      'https://host/\\x',
      'https://host/`',
      'https://host/{url3}',
      'https://',
      'https://host:99999/',
      'https://[::1/',
      `${longest('/')}x`,
      ...(key === 'qrCodeUrl' ? [] : withQuery),
      1,
      null,
      {}
    ]
  )
}

describeRule(
  'policy.selfReset.appLink',
  ['mobileclient:{url3}', 'https://app.example/open?u={url3}', 'intent://x/{url3}#Intent;end', 'a+b-c.d:{url3}'],
  [
    '',
    '{url3}',
    'mobileclient:',
    'mobileclient:{URL3}',
    'javascript:{url3}',
    'JAVASCRIPT:{url3}',
    'vbscript:{url3}',
    'data:text/html,{url3}',
    ' javascript:{url3}',
    'java\nscript:{url3}',
    'mobileclient: {url3}',
    'mobileclient:{url3}\n',
    'mobileclient:{url3}"onclick=x',
    'mobileclient:<{url3}>',
    '1app:{url3}',
    `mobileclient:{url3}${'x'.repeat(500)}`,
    7,
    null
  ]
)

describeRule(
  'server.connectionType',
  ['proxy', 'a', 'A-b_c.d~9', '...', 'x'.repeat(64)],
  ['', '.', '..', 'a/b', 'a b', 'proxy\n', '../x', '%2e', 'é', 'a?b', 'x'.repeat(65), 1, null]
)

describeRule(
  'server.name',
  ['x', 'Zürich ✓', `  ${'n'.repeat(100)}  `],
  ['', '   ', 'n'.repeat(101), 'a\nb', 'a\r\nBcc: x', '\0', 7, null]
)

describeRule('server.siteId', [1, 2_147_483_647], [0, -1, 1.5, 2_147_483_648, '1', Number.NaN, Infinity, true, null])
describeRule('server.port', [1, 8443, 65_535], [0, 65_536, 80.5, '80', null])
describeRule('portal.port', [1, 65_535], [0, 65_536, '8443'])
describeRule('policy.codes.length', [6, 24], [5, 25, 10.5, '10'])
describeRule('policy.codes.wrongAttempts', [1, 100], [0, 101])
describeRule('policy.log.keep', ['off', '30d', '365d'], ['29d', '', 'on', '36501d', 30, null])
describeRule('policy.codes.endAfterWrongAttempts', ['off', 1, 100], ['on', 'OFF', '', 0, 101, 1.5, true, null])
describeRule('policy.codes.alphabet', ['base32', 'digits', 'alphanumeric'], ['Base32', 'hex', '', 0, null, '__proto__'])
for (const key of ['mailValidity', 'sheetValidity', 'portalValidity'] as const) {
  describeRule(
    `policy.selfReset.${key}`,
    ['1m', '60s', '24h', '30d', '29d24h'],
    ['59s', '31d', '720h1s', '', 'soon', '24', 24, null, '999999999w']
  )
}
for (const key of ['server.usesSsl', 'policy.hideUnknownUsers', 'policy.mobileClient.allowPinEntry'] as const) {
  describeRule(key, [true, false], ['true', 'yes', 0, 1, null])
}

describe('the settings', () => {
  it('have defaults that their own rules take', () => {
    for (const [key, value] of Object.entries(settingDefaults)) {
      expect([key, settingSchemas[key as SettingKey].safeParse(value).data]).toEqual([key, value])
    }
  })

  it('have a default each, but for the Site ID and the four URLs that follow host and port', () => {
    const derived = [
      'server.siteId',
      ...['provisioningUrl', 'settingsUrl', 'completeUrl', 'qrCodeUrl'].map((url) => `policy.selfReset.${url}`)
    ]
    expect(settingKeys.filter((key) => !(key in settingDefaults)).toSorted()).toEqual(derived.toSorted())
  })

  it('keep a validity in one way of writing it', () => {
    const parse = (text: string) => settingSchemas['policy.selfReset.mailValidity'].parse(text)
    expect(['1d', '24h', '1440m', ' 24H '].map(parse)).toEqual(['24h', '24h', '24h', '24h'])
    expect(parse('60s')).toBe('1m')
  })

  it('end a URL that path segments are appended to in a slash, and leave the others as they are', () => {
    const parse = (key: SettingKey, text: string) => settingSchemas[key].parse(text)
    expect(parse('policy.selfReset.completeUrl', 'https://host/c')).toBe('https://host/c/')
    expect(parse('policy.selfReset.completeUrl', 'https://host/c/')).toBe('https://host/c/')
    expect(parse('policy.selfReset.qrCodeUrl', 'https://host/q?text=')).toBe('https://host/q?text=')
  })

  it('say of every wrong value in words of their own what it must be', () => {
    const odd = [null, undefined, '', 'ho st', -1, 0.5, 1e9, [], {}, true, '\n', 'x'.repeat(1000)]
    const reasons = settingKeys.flatMap((key) =>
      odd.filter((value) => !takes(key, value)).map((value) => `${key} ${reasonOf(key, value)}`)
    )
    expect(reasons.length).toBeGreaterThan(settingKeys.length)
    expect(reasons.filter((reason) => !/^\S+ must (?!.*\. ).*[^.]$/.test(reason))).toEqual([])
  })

  it('are parsed or refused, never run into, whatever is given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...settingKeys),
        fc.anything({ withNullPrototype: true, withBigInt: true }),
        (key, value) => {
          expect(() => settingSchemas[key].safeParse(value)).not.toThrow()
        }
      )
    )
  })

  it('take no host that would not stand in a URL as it is', () => {
    const part = fc.constantFrom(
      'a',
      'host',
      '1',
      '127',
      '::',
      ':',
      '[',
      ']',
      '.',
      '-',
      '/',
      '@',
      '?',
      '#',
      '%',
      ' ',
      'xn--',
      'ü',
      '0x7f'
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const host = parts.join('')
        if (!takes('server.host', host)) return
        const url = new URL(`https://${urlHost(host)}:8443/userportal/complete/1/a/b`)
        expect([url.port, url.pathname, url.username, url.hash]).toEqual(['8443', '/userportal/complete/1/a/b', '', ''])
      }),
      { numRuns: 2000 }
    )
  })
})

describe('isSettingKey', () => {
  it('knows its own keys and none of an object’s', () => {
    expect(settingKeys.every(isSettingKey)).toBe(true)
    for (const key of ['', 'server', 'server.Host', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect([key, isSettingKey(key)]).toEqual([key, false])
    }
  })
})

describe('urlHost', () => {
  it('puts an IPv6 address in brackets, once', () => {
    expect(['host', '127.0.0.1', '::1', '[::1]'].map(urlHost)).toEqual(['host', '127.0.0.1', '[::1]', '[::1]'])
  })
})
