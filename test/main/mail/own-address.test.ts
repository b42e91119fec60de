import { describe, expect, it } from 'vitest'
import { confirmOwnAddress, numberIn, openMailConsole } from '../../support/mail-console.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'

const minuteMs = 60_000

describe('one’s own address', () => {
  it('is confirmed by a number that was mailed there, and then “to me” goes there alone', async () => {
    const console = await openMailConsole(1)
    const { call, sink } = console
    expect(await refusalCode(() => call('mail:toMe', { username: 'u1' }))).toBe('own-address-unknown')
    expect(await call('mail:ownAddress', {})).toEqual({ confirmed: null, pending: null })
    expect(await call('mail:askOwnAddress', { address: 'me@example.com' })).toMatchObject({ accepted: true })
    expect(sink.received.at(-1)?.raw.toString()).toContain('Enter it in the console')
    expect(await refusalCode(() => call('mail:toMe', { username: 'u1' }))).toBe('own-address-unknown')
    const confirmed = { confirmed: 'me@example.com', pending: null }
    expect(await call('mail:confirmOwnAddress', { number: ` ${numberIn(sink)} ` })).toEqual(confirmed)
    // An address that somebody slips into the call is none of it.
    const slipped = { username: 'u1', address: 'victim@example.org' }
    await call('mail:toMe', slipped)
    expect(sink.received.map(({ to }) => to)).toEqual(['me@example.com', 'me@example.com'])
    const { entries } = await call('log:list', { limit: 20 })
    expect(entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['mail.address-asked', 'mail.address-confirmed', 'mail.sample-sent'])
    )
  })

  it('belongs to one account, and stays until another one is confirmed', async () => {
    const console = await openMailConsole(1)
    const { call, sink, clock } = console
    await confirmOwnAddress(console, sink, 'me@example.com')
    expect(await call('mail:ownAddress', {}, { actor: 'another' })).toEqual({ confirmed: null, pending: null })
    clock.advance(minuteMs)
    await call('mail:askOwnAddress', { address: 'new@example.com' })
    expect(await call('mail:ownAddress', {})).toEqual({ confirmed: 'me@example.com', pending: 'new@example.com' })
    // A number of another account’s is none for this one.
    const number = numberIn(sink)
    expect(await refusalCode(() => call('mail:confirmOwnAddress', { number }, { actor: 'another' }))).toBe(
      'invalid-input'
    )
    await call('mail:toMe', { username: 'u1' })
    expect(sink.received.at(-1)?.to).toBe('me@example.com')
  })

  it('cannot be guessed: five wrong numbers end it, as does a quarter of an hour', async () => {
    const { call, sink, clock } = await openMailConsole(1)
    await call('mail:askOwnAddress', { address: 'victim@example.org' })
    const right = numberIn(sink)
    const wrong = right === '000000' ? '000001' : '000000'
    for (let tries = 1; tries <= 5; tries++) {
      expect(await refusalCode(() => call('mail:confirmOwnAddress', { number: wrong }))).toBe('invalid-input')
    }
    const { message } = await refusalOf(() => call('mail:confirmOwnAddress', { number: right }))
    expect(message).toMatch(/^No number is waited for/)
    clock.advance(minuteMs)
    await call('mail:askOwnAddress', { address: 'victim@example.org' })
    clock.advance(15 * minuteMs)
    expect(await refusalCode(() => call('mail:confirmOwnAddress', { number: numberIn(sink) }))).toBe('invalid-input')
    expect(await call('mail:ownAddress', {})).toEqual({ confirmed: null, pending: null })
  })

  it('is asked for once a minute at most, and not where no mail could go out', async () => {
    const { call, sink } = await openMailConsole(1)
    await call('mail:askOwnAddress', { address: 'me@example.com' })
    expect(await refusalCode(() => call('mail:askOwnAddress', { address: 'me@example.com' }))).toBe('invalid-input')
    expect(sink.received).toHaveLength(1)
    await call('transports:set', { name: 'default', change: { host: '' } })
    const other = { actor: 'another' }
    expect(await refusalCode(() => call('mail:askOwnAddress', { address: 'me@example.com' }, other))).toBe(
      'transport-incomplete'
    )
    await call('transports:set', { name: 'default', change: { host: '127.0.0.1' } })
    await call('mail:askOwnAddress', { address: 'me@example.com' }, other)
    expect(sink.received).toHaveLength(2)
  })
})
