import type { Services } from '../services.ts'
import { listStock } from '../sheets/stock.ts'
import type { HandlersOf } from './dispatch.ts'
import { nextAfter } from './next-page.ts'
import type { Tasks } from './tasks.ts'

export function createSheetsHandlers({ sheets }: Services, tasks: Tasks): HandlersOf<'sheets'> {
  return {
    'sheets:stock': () => listStock(),
    'sheets:plan': (request, act) => sheets.plan(request, act),
    'sheets:make': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => sheets.make(request, task)),
    'sheets:keep': async ({ id }) => {
      await sheets.keep(id)
      return {}
    },
    'sheets:list': async ({ beforeId, limit }) => {
      const listed = await sheets.list({ beforeId: beforeId ?? null, limit })
      return { sheets: listed, next: nextAfter(listed, limit, (sheet) => sheet.id) }
    },
    'sheets:show': async ({ id, afterPosition, limit, state }) => {
      const shown = await sheets.show(id, { afterPosition, limit, state: state ?? null })
      return { ...shown, next: nextAfter(shown.labels, limit, ({ position }) => position) }
    },
    'sheets:withdraw': ({ id, taskId }, act) => tasks.run(taskId, act, (task) => sheets.withdraw(id, task)),
    'sheets:reissue': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => sheets.reissue(request, task)),
    'sheets:testPage': ({ stock, fit }) => sheets.testPage(stock, fit),
    'sheets:letter': () => sheets.letter(),
    'sheets:setLetter': ({ text }, act) => sheets.setLetter(text, act)
  }
}
