import type { Publish } from '../../shared/events.ts'
import type { PortalRunner } from '../portal/portal-runner.ts'
import type { Services } from '../services.ts'
import { createBackupHandlers } from './backup-handlers.ts'
import { createCodesHandlers } from './codes-handlers.ts'
import { createDiagnosticsHandlers } from './diagnostics-handlers.ts'
import { createGroupsHandlers } from './groups-handlers.ts'
import { createKeyHandlers } from './key-handlers.ts'
import { createLinksHandlers } from './links-handlers.ts'
import { createLogHandlers } from './log-handlers.ts'
import { createMailHandlers } from './mail-handlers.ts'
import { createOutboxHandlers } from './outbox-handlers.ts'
import { createPortalHandlers } from './portal-handlers.ts'
import { createQrHandlers } from './qr-handlers.ts'
import { createSettingsHandlers } from './settings-handlers.ts'
import { createSheetsHandlers } from './sheets-handlers.ts'
import { createStatusHandlers } from './status-handlers.ts'
import { createTasksHandlers } from './tasks-handlers.ts'
import { createTemplatesHandlers } from './templates-handlers.ts'
import { createTimeHandlers } from './time-handlers.ts'
import { createTransportsHandlers } from './transports-handlers.ts'
import { createUsersHandlers } from './users-handlers.ts'
import { createVersionHandlers } from './version-handlers.ts'
import type { Handlers } from './dispatch.ts'
import { createTasks } from './tasks.ts'

/** The calls of the contract over one folder's services. */
export function createHandlers(services: Services, publish: Publish, portal: PortalRunner): Handlers {
  const tasks = createTasks(publish)
  return {
    ...createVersionHandlers(services),
    ...createStatusHandlers(services, portal),
    ...createTimeHandlers(services),
    ...createTasksHandlers(tasks),
    ...createSettingsHandlers(services),
    ...createGroupsHandlers(services, tasks),
    ...createUsersHandlers(services, tasks),
    ...createCodesHandlers(services, tasks),
    ...createQrHandlers(services),
    ...createDiagnosticsHandlers(services, tasks, publish),
    ...createTransportsHandlers(services),
    ...createTemplatesHandlers(services),
    ...createMailHandlers(services, tasks),
    ...createOutboxHandlers(services, tasks),
    ...createLogHandlers(services, tasks),
    ...createBackupHandlers(services, tasks),
    ...createPortalHandlers(portal),
    ...createLinksHandlers(services),
    ...createSheetsHandlers(services, tasks),
    ...createKeyHandlers(services)
  }
}
