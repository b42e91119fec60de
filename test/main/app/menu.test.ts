import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../src/main/app/menu.ts'
import { commandIds } from '../../../src/shared/commands.ts'

function flatten(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])])
}

const build = (platform: NodeJS.Platform, isDevelopment = false, run: (command: string) => void = () => undefined) =>
  flatten(menuTemplate({ platform, productName: 'Provision Console', isDevelopment, run }))

describe('menuTemplate', () => {
  it.each(['linux', 'darwin', 'win32'] as const)(
    'offers every command on %s, each of which runs itself',
    (platform) => {
      const ran: string[] = []
      const items = build(platform, false, (command) => void ran.push(command)).filter(({ id }) => id !== undefined)
      for (const { click } of items) (click as () => void)()
      expect(new Set(ran)).toEqual(new Set(commandIds))
      expect(items.map(({ id }) => id)).toEqual(ran)
    }
  )

  it('lets the page alone hear the keys that it hears in a browser too', () => {
    const own = build('linux').filter(({ id, accelerator }) => id !== undefined && accelerator !== undefined)
    expect(own.length).toBeGreaterThan(4)
    expect(own.every(({ registerAccelerator }) => registerAccelerator === false)).toBe(true)
  })

  it('has no key and no menu twice', () => {
    const keys = build('linux').flatMap(({ accelerator }) => (typeof accelerator === 'string' ? [accelerator] : []))
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('opens the developer tools only in development', () => {
    const roles = (isDevelopment: boolean) => build('linux', isDevelopment).map(({ role }) => role)
    expect(roles(false)).not.toContain('toggleDevTools')
    expect(roles(true)).toContain('toggleDevTools')
  })
})
