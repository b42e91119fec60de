import type { Services } from '../services.ts'
import { findDeviceRecord } from '../provisioning/device-store.ts'
import { readTimeline } from '../users/timeline.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createUsersHandlers(services: Services, tasks: Tasks): HandlersOf<'users'> {
  const { db, users, userActs, imports, exports } = services
  return {
    'users:list': (page) => users.list(page),
    'users:count': async ({ filter }) => ({ users: await users.count(filter) }),
    'users:show': async ({ username, id }) => {
      const user = await users.show(username, id)
      const [timeline, device] = [await readTimeline(db, services, user), await findDeviceRecord(db, user.id)]
      return { user, timeline, device }
    },
    'users:add': (fields, act) => users.add(fields, act),
    'users:set': ({ username, change, revision, expected }, act) =>
      users.set(username, change, { revision, expected }, act),
    'users:disable': ({ selection, taskId }, act) =>
      tasks.run(taskId, act, (task) => userActs.disable(selection, task)),
    'users:enable': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => userActs.enable(selection, task)),
    'users:remove': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => userActs.remove(selection, task)),
    'users:move': ({ selection, group, taskId }, act) =>
      tasks.run(taskId, act, (task) => userActs.move(selection, group, task)),
    'users:undo': ({ undo, taskId }, act) => tasks.run(taskId, act, (task) => userActs.undo(undo, task)),
    'users:unprovision': ({ selection, taskId }, act) =>
      tasks.run(taskId, act, (task) => userActs.unprovision(selection, task)),
    'users:unlock': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => userActs.unlock(selection, task)),
    'users:export': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => exports.export(selection, task)),
    'users:readImport': ({ content, delimiter }) => imports.read(content, { delimiter }),
    'users:import': ({ content, taskId, ...options }, act) =>
      tasks.run(taskId, act, (task) => imports.import(content, options, task))
  }
}
