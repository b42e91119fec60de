import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerAgentXml } from '../../../src/main/portal/agent-xml.ts'
import { formatXml, parseXml } from '../../../src/main/system/xml.ts'
import { createInMemoryProvisioning, samplePolicies } from './in-memory-provisioning.ts'

const address = '203.0.113.9'

function setUp(codes: Record<string, string> = { jdoe: 'ABCDE12345' }) {
  const provisioning = createInMemoryProvisioning(codes)
  const send = (body: string | Uint8Array) => answerAgentXml(body, { provisioning, address })
  const ask = async (fields: Record<string, string>) => {
    const children = Object.entries({ Version: '3.6', ...fields }).map(([name, content]) => ({ name, content }))
    const { status, xml } = await send(formatXml('SASRequest', children))
    expect(status).toBe(200)
    return parseXml(xml, 'SASResponse').children.map(({ name, text }) => [name, text])
  }
  return { provisioning, send, ask }
}

const failure = (error: string) => [
  ['Version', '3.6'],
  ['Result', 'FAIL'],
  ['Error', error]
]

const malformed =
  '<?xml version="1.0" encoding="UTF-8"?><SASResponse><Version>3.6</Version><Result>FAIL</Result><Error>Malformed request</Error></SASResponse>'

describe('answerAgentXml', () => {
  it('answers a ping with PASS and nothing in between', async () => {
    const { send } = setUp()
    expect(await send('<SASRequest><Version>3.6</Version><Action>ping</Action></SASRequest>')).toEqual({
      status: 200,
      xml: '<?xml version="1.0" encoding="UTF-8"?><SASResponse><Version>3.6</Version><Result>PASS</Result></SASResponse>'
    })
  })

  it('takes any Version, also an empty one, but not none', async () => {
    const { ask, send } = setUp()
    expect(await ask({ Version: 'whatever', Action: 'ping' })).toContainEqual(['Result', 'PASS'])
    expect(await ask({ Version: '', Action: 'ping' })).toContainEqual(['Result', 'PASS'])
    expect(await send('<SASRequest><Action>ping</Action></SASRequest>')).toEqual({ status: 400, xml: malformed })
  })

  it('echoes a RequestID as it was, with PASS and with FAIL', async () => {
    const { ask } = setUp()
    const requestId = ` <&>"'\r\n ü😀 `
    expect(await ask({ RequestID: requestId, Action: 'ping' })).toEqual([
      ['Version', '3.6'],
      ['RequestID', requestId],
      ['Result', 'PASS']
    ])
    expect(await ask({ RequestID: '', Action: 'nothing' })).toContainEqual(['RequestID', ''])
  })

  it('provisions once and gives the Id', async () => {
    const { ask, provisioning } = setUp()
    const attempt = { Action: 'provision', Username: 'jdoe', ProvisionCode: 'ABCDE12345' }
    expect(await ask(attempt)).toEqual([
      ['Version', '3.6'],
      ['Result', 'PASS'],
      ['Id', 'id-of-jdoe']
    ])
    expect(await ask(attempt)).toEqual(failure('Invalid Provision Code'))
    expect(provisioning.asked[0]).toEqual({ username: 'jdoe', code: 'ABCDE12345', address })
  })

  it('hands username and code on as text, untrimmed and with entities decoded', async () => {
    const { send, provisioning } = setUp()
    const username = ` 004211 O'Neil & "Sons" <é😀>\n`
    await send(
      `<?xml version="1.0"?><SASRequest><Version>1</Version><Action>provision</Action><Username> 004211 O&#39;Neil &amp; &quot;Sons&quot; &lt;é&#x1F600;&gt;\n</Username><ProvisionCode>1E5</ProvisionCode></SASRequest>`
    )
    expect(provisioning.asked).toEqual([{ username, code: '1E5', address }])
  })

  it('tells the unknown user from the wrong code', async () => {
    const { ask } = setUp()
    expect(await ask({ Action: 'provision', Username: 'nobody', ProvisionCode: 'X' })).toEqual(
      failure('Invalid Username')
    )
    expect(await ask({ Action: 'provision', Username: 'jdoe', ProvisionCode: 'X' })).toEqual(
      failure('Invalid Provision Code')
    )
  })

  it('fails without asking anybody when username, code or Id is missing or empty', async () => {
    const { ask, provisioning } = setUp({ jdoe: 'ABCDE12345', '': '' })
    provisioning.devices.set('', { generation: 0 })
    expect(await ask({ Action: 'provision' })).toEqual(failure('Invalid Username'))
    expect(await ask({ Action: 'provision', Username: '', ProvisionCode: 'X' })).toEqual(failure('Invalid Username'))
    expect(await ask({ Action: 'provision', Username: 'jdoe' })).toEqual(failure('Invalid Provision Code'))
    expect(await ask({ Action: 'provision', Username: 'jdoe', ProvisionCode: '' })).toEqual(
      failure('Invalid Provision Code')
    )
    expect(await ask({ Action: 'SecurityStrings' })).toEqual(failure('Error Downloading Security Strings'))
    expect(await ask({ Action: 'SecurityStrings', Id: '' })).toEqual(failure('Error Downloading Security Strings'))
    expect(provisioning.asked).toEqual([])
  })

  it('gives one hundred strings and the policies, and other strings the second time', async () => {
    const { send, ask, provisioning } = setUp()
    provisioning.devices.set('some id', { generation: 0 })
    const { status, xml } = await send(
      '<SASRequest><Version>3.6</Version><Action>SecurityStrings</Action><Id>some id</Id></SASRequest>'
    )
    expect(status).toBe(200)
    const [, result, strings, policies] = parseXml(xml, 'SASResponse').children
    expect(result?.text).toBe('PASS')
    expect(strings?.name).toBe('SecurityStrings')
    expect(strings?.text).toMatch(/^\d{10}(;\d{10}){99}$/)
    expect(policies?.name).toBe('Policies')
    expect(
      policies?.children.map(({ attributes, text }) => ({ ...Object.fromEntries(attributes), value: text }))
    ).toEqual(samplePolicies.map(({ show, ...policy }) => ({ ...policy, show: String(show) })))
    expect(await ask({ Action: 'SecurityStrings', Id: 'some id' })).not.toContainEqual([
      'SecurityStrings',
      strings?.text
    ])
  })

  it('fails for a void Id', async () => {
    const { ask } = setUp()
    expect(await ask({ Action: 'SecurityStrings', Id: 'void' })).toEqual(failure('Error Downloading Security Strings'))
  })

  it('fails for an unknown, missing or differently written Action, with status 200', async () => {
    const { ask } = setUp()
    for (const fields of [{}, { Action: '' }, { Action: 'Ping' }, { Action: 'login' }, { Action: ' ping' }]) {
      expect(await ask(fields)).toEqual(failure('Unknown Action'))
    }
  })

  it.each([
    '',
    'Action=ping',
    '{"SASRequest":{"Version":"3.6","Action":"ping"}}',
    '<SASRequest><Version>3.6</Version><Action>ping</Action>',
    '<sasrequest><Version>3.6</Version><Action>ping</Action></sasrequest>',
    '<SASRequest><version>3.6</version><Action>ping</Action></SASRequest>',
    '<!DOCTYPE SASRequest><SASRequest><Version>3.6</Version><Action>ping</Action></SASRequest>',
    '<SASRequest><Version>3.6</Version><Action>ping</Action><Action>provision</Action></SASRequest>',
    '<SASRequest><Version>3.6</Version><Action>provision</Action><Username>jdoe<b/></Username></SASRequest>',
    '<SASRequest><Version>3.6</Version><RequestID>canary</RequestID><Action>ping</Action>&canary;</SASRequest>'
  ])('answers %j with 400 and repeats nothing of it', async (body) => {
    const { send, provisioning } = setUp()
    expect(await send(body)).toEqual({ status: 400, xml: malformed })
    expect(provisioning.asked).toEqual([])
  })

  it('ignores elements that it does not know', async () => {
    const { send } = setUp()
    const { status, xml } = await send(
      '<SASRequest xmlns="urn:x"><Version>3.6</Version><Device><Os>17</Os><Model a="b">x</Model></Device><Action>ping</Action></SASRequest>'
    )
    expect([status, xml.includes('<Result>PASS</Result>')]).toEqual([200, true])
  })

  it('lets what goes wrong behind it through, for the portal to hide', async () => {
    const { send, provisioning } = setUp()
    provisioning.provision = async () => {
      throw new Error('disk full')
    }
    await expect(
      send(
        '<SASRequest><Version>1</Version><Action>provision</Action><Username>a</Username><ProvisionCode>b</ProvisionCode></SASRequest>'
      )
    ).rejects.toThrow('disk full')
  })

  it('always answers with a readable SASResponse, and never PASS without the right code', async () => {
    const fragment = fc.oneof(
      fc.constantFrom(
        '<Version>3.6</Version>',
        '<Action>provision</Action>',
        '<Action>ping</Action>',
        '<Id></Id>',
        '<Id/>'
      ),
      fc.constantFrom(
        '<Username>jdoe</Username>',
        '<ProvisionCode>',
        '</ProvisionCode>',
        '<RequestID>',
        '</RequestID>'
      ),
      fc.string({ unit: 'binary', maxLength: 5 })
    )
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fragment, { maxLength: 8 })
        .map((fragments) => Buffer.from(`<SASRequest>${fragments.join('')}</SASRequest>`))
    )
    const { send, provisioning } = setUp()
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status, xml } = await send(body)
        const names = parseXml(xml, 'SASResponse').children.map(({ name }) => name)
        expect(names).not.toContain('Id')
        expect([200, 400]).toContain(status)
      }),
      { numRuns: 1000 }
    )
    expect(provisioning.codes.get('jdoe')).toBe('ABCDE12345')
  })
})
