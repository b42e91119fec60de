import { describe, expect, it } from 'vitest'
import { desktopKeySources } from '../../../src/main/app/key-sources.ts'
import { openConsole } from '../../../src/main/console.ts'
import { createTestClock, createTestFolder, createTestLog } from '../../support/console.ts'

describe('desktopKeySources', () => {
  it('asks a person only where nothing else opens the key, and says when an answer was wrong', async () => {
    const options = { folder: createTestFolder(), log: createTestLog(), clock: createTestClock() }
    const given = desktopKeySources({ PROVISION_PASSPHRASE: 'correct horse battery' }, null, () =>
      Promise.reject(new Error('asked'))
    )
    await (await openConsole({ ...options, sources: given.sources })).close()
    expect(given.wasAsked()).toBe(false)

    const asked: boolean[] = []
    const answers = ['wrong horse battery', 'correct horse battery']
    const person = desktopKeySources({}, null, async (isAgain) => {
      asked.push(isAgain)
      return answers.shift() ?? ''
    })
    await expect(openConsole({ ...options, sources: person.sources })).rejects.toMatchObject({ code: 'key-locked' })
    expect(person.wasAsked()).toBe(true)
    await (await openConsole({ ...options, sources: person.sources })).close()
    expect(asked).toEqual([false, true])
  })

  it('makes no passphrase slot on a first start without a passphrase', async () => {
    const { sources } = desktopKeySources({}, null, () => Promise.reject(new Error('asked')))
    const opened = await openConsole({ folder: createTestFolder(), log: createTestLog(), sources })
    const slots = await opened.dispatch('key:list', {}, { role: 'administrator', actor: 'tester' })
    await opened.close()
    expect(slots).toMatchObject({ ok: true, value: [{ kind: 'file' }] })
  })
})
