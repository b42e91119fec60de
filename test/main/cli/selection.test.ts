import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError, type CommandContext } from '../../../src/main/cli/context.ts'
import { readFilter, readStates, selectUsers, type SelectionOptions } from '../../../src/main/cli/selection.ts'
import { appStates, appStateWords, codeStates, userFilter } from '../../../src/shared/user.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

describe('readStates', () => {
  it.each<[text: string, filter: object]>([
    ['live', { code: ['live'] }],
    ['live,used', { code: ['live', 'used'] }],
    [' Live , EXPIRED ', { code: ['live', 'expired'] }],
    ['provisioned', { app: ['provisioned'] }],
    ['set-up', { app: ['set-up'] }],
    ['set up', { app: ['set-up'] }],
    ['set up, no strings yet', { app: ['set-up'] }],
    ['Set up, no strings yet,provisioned', { app: ['set-up', 'provisioned'] }],
    ['live,set up, no strings yet', { code: ['live'], app: ['set-up'] }],
    ['provisioned,live', { app: ['provisioned'], code: ['live'] }],
    ['none', { app: ['none'], code: ['none'] }],
    ['app:none', { app: ['none'] }],
    ['code:none', { code: ['none'] }],
    ['code:none,code:live', { code: ['none', 'live'] }],
    ['app:provisioned', { app: ['provisioned'] }],
    ['locked', { locked: true }],
    ['disabled,locked', { disabled: true, locked: true }],
    ['superseded', { code: ['superseded'] }]
  ])('reads %j', (text, filter) => {
    expect(readStates(text)).toEqual(filter)
  })

  it('reads every word that a screen or a list shows for a state', () => {
    for (const state of appStates.filter((one) => one !== 'none')) {
      expect(readStates(appStateWords[state])).toEqual({ app: [state] })
      expect(readStates(state)).toEqual({ app: [state] })
    }
    for (const state of codeStates.filter((one) => one !== 'none')) expect(readStates(state)).toEqual({ code: [state] })
  })

  it.each([
    '',
    ',',
    'alive',
    'live,',
    'app:live',
    'code:provisioned',
    'code:locked',
    'app:',
    'no strings yet',
    '__proto__'
  ])('refuses %j as wrong usage', (text) => {
    expect(() => readStates(text)).toThrow(UsageError)
  })

  it('names the word that is wrong and the words there are', () => {
    expect(() => readStates('live, allive')).toThrow(
      /^“allive” is no state\. States are none, set-up, .*locked, disabled\.$/
    )
  })

  it('gives a filter that the contract takes, or is refused as wrong usage', () => {
    const words = fc.constantFrom(
      ...appStates,
      ...codeStates,
      'locked',
      'disabled',
      'app:none',
      'set up, no strings yet',
      'x',
      ''
    )
    expect(userFilter.safeParse(readStates('none,none,none,none')).success).toBe(true)
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (chosen) => {
        const read = () => readStates(chosen.join(','))
        if (chosen.some((word) => word === 'x' || word === '')) expect(read).toThrow(UsageError)
        else expect(userFilter.safeParse(read()).success).toBe(true)
      })
    )
  })
})

describe('readFilter', () => {
  it('joins group and states', () => {
    expect(readFilter({})).toEqual({})
    expect(readFilter({ group: 'Staff' })).toEqual({ group: 'Staff' })
    expect(readFilter({ group: 'Staff', state: 'live' })).toEqual({ group: 'Staff', code: ['live'] })
  })
})

describe('selectUsers', () => {
  async function select(usernames: string[], options: SelectionOptions) {
    const { call } = await openTestConsole()
    return selectUsers({ call } as unknown as CommandContext, usernames, options)
  }

  function writeList(content: string | Buffer): string {
    const file = path.join(createTestFolder(), 'users.txt')
    writeFileSync(file, content)
    return file
  }

  it('takes usernames, a filter, a file or everybody', async () => {
    expect(await select(['ann', 'bea'], {})).toEqual({ usernames: ['ann', 'bea'] })
    expect(await select([], { group: 'staff', state: 'live' })).toEqual({ filter: { group: 'staff', code: ['live'] } })
    expect(await select([], { all: true })).toEqual({ filter: {} })
    expect(await select([], { all: true, state: 'live' })).toEqual({ filter: { code: ['live'] } })
    expect(await select([], { file: writeList('ann\nbea\n') })).toEqual({ usernames: ['ann', 'bea'] })
  })

  it.each<[what: string, usernames: string[], options: SelectionOptions]>([
    ['nobody named', [], {}],
    ['names and everybody', ['ann'], { all: true }],
    ['names and a group', ['ann'], { group: 'Staff' }],
    ['names and a file', ['ann'], { file: 'list' }],
    ['a file and a state', [], { file: 'list', state: 'live' }],
    ['a file and everybody', [], { file: 'list', all: true }],
    ['all ways at once', ['ann'], { file: 'list', state: 'live', all: true }],
    ['a state that is none', [], { state: 'alive' }]
  ])('refuses %s as wrong usage', async (_what, usernames, options) => {
    await expect(select(usernames, options)).rejects.toThrow(UsageError)
  })

  it('refuses a group that does not exist', async () => {
    expect(await refusalCode(() => select([], { group: 'Guests' }))).toBe('group-not-found')
  })

  it('reads a file of names, one a line, as Windows, Unix and PowerShell write it', async () => {
    const names = ['ann', 'Jürgen Öz', 'DOMAIN\\user']
    for (const content of [
      names.join('\n'),
      `\ufeff${names.join('\r\n')}\r\n`,
      `\n${names.join('\r')}\r\r`,
      Buffer.from(`\ufeff${names.join('\r\n')}\r\n`, 'utf16le')
    ]) {
      expect(await select([], { file: writeList(content) })).toEqual({ usernames: names })
    }
    expect(await select([], { file: writeList('') })).toEqual({ usernames: [] })
  })

  it('refuses a file that cannot be read', async () => {
    const folder = createTestFolder()
    expect(await refusalCode(() => select([], { file: path.join(folder, 'missing') }))).toBe('file-unreadable')
    expect(await refusalCode(() => select([], { file: folder }))).toBe('file-unreadable')
  })
})
