import type { AuditLog } from './store/audit-chain.ts'
import type { LogService } from './audit/log-service.ts'
import type { BackupService } from './backup/backup-service.ts'
import type { Clock, Random } from './system/clock.ts'
import type { CodeService } from './codes/code-service.ts'
import type { RefusalCounts } from './provisioning/refusal-counts.ts'
import type { DiskReserve } from './store/disk-reserve.ts'
import type { Db } from './store/schema.ts'
import type { Store } from './store/store.ts'
import type { StoreWatch } from './store/store-watch.ts'
import type { Timekeeper } from './store/time.ts'
import type { GroupService } from './groups/group-service.ts'
import type { DataKey } from './keys/data-key.ts'
import type { KeySlotService } from './keys/key-slot-service.ts'
import type { ReprovisionLinks } from './links/one-time-links.ts'
import type { MailService } from './mail/mail-service.ts'
import type { OutboxSender } from './outbox/sender.ts'
import type { OutboxService } from './outbox/outbox-service.ts'
import type { TemplateService } from './mail/template-service.ts'
import type { TransportService } from './mail/transport-service.ts'
import type { SettingsService } from './settings/settings-service.ts'
import type { ImportService } from './users/csv/import-service.ts'
import type { ExportService } from './users/export-service.ts'
import type { UserActs } from './users/user-acts.ts'
import type { SheetService } from './sheets/sheet-service.ts'
import type { UserService } from './users/user-service.ts'

/** The services over one data folder. */
export interface Services {
  folder: string
  db: Db
  /** See `OpenDatabase`. */
  reads: Db
  store: Store
  storeWatch: StoreWatch
  clock: Clock
  time: Timekeeper
  random: Random
  dataKey: DataKey
  keySlots: KeySlotService
  audit: AuditLog
  refusals: RefusalCounts
  reserve: DiskReserve
  settings: SettingsService
  groups: GroupService
  users: UserService
  userActs: UserActs
  exports: ExportService
  log: LogService
  imports: ImportService
  codes: CodeService
  links: ReprovisionLinks
  backups: BackupService
  transports: TransportService
  templates: TemplateService
  mail: MailService
  outbox: OutboxService
  sender: OutboxSender
  sheets: SheetService
}
