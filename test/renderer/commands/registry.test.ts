import { describe, expect, it } from 'vitest'
import { commandIds } from '../../../src/shared/commands.ts'
import { commandDefinitions, windowCommandIds } from '../../../src/renderer/commands/definitions.ts'
import { commandTitle, enabledCommands, registerCommand, runCommand } from '../../../src/renderer/commands/registry.ts'

describe('the commands', () => {
  it('include every one that the menus send', () => {
    expect(windowCommandIds).toEqual(expect.arrayContaining([...commandIds]))
  })

  it('have no shortcut twice', () => {
    const shortcuts = windowCommandIds.flatMap((id) => commandDefinitions[id].shortcuts)
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })

  it('are offered only while somebody carries them out', () => {
    expect(runCommand('undo')).toBe(false)
    const end = registerCommand('undo', () => undefined)
    expect(enabledCommands()).toEqual(['undo'])
    end()
    expect(enabledCommands()).toEqual([])
  })

  it('are carried out by whoever came last, and by the one before once that is gone', () => {
    const done: string[] = []
    const endOuter = registerCommand('undo', () => done.push('outer'))
    const endInner = registerCommand('undo', () => done.push('inner'))
    runCommand('undo')
    endInner()
    runCommand('undo')
    endOuter()
    expect(done).toEqual(['inner', 'outer'])
  })

  it('say whom they mean where whoever carries them out says so', () => {
    const endOuter = registerCommand('users.email', () => undefined)
    expect(commandTitle('users.email')).toBe('Email code…')
    const endInner = registerCommand('users.email', () => undefined, 'Email code… (3 users)')
    expect(commandTitle('users.email')).toBe('Email code… (3 users)')
    endInner()
    expect(commandTitle('users.email')).toBe('Email code…')
    endOuter()
  })
})
