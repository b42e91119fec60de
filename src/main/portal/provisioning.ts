import type { DevicePolicy } from '../../shared/device.ts'
import type { AppRefusal } from '../provisioning/refusal.ts'

/** What the app's protocol asks of the server behind it. `address` is the client's IP address; values are as the app sent them. */
export interface Provisioning {
  provision(attempt: {
    username: string
    code: string
    address: string
  }): Promise<{ id: string } | { error: AppRefusal }>
  downloadSecurityStrings(request: {
    id: string
    address: string
  }): Promise<{ securityStrings: string[]; policies: DevicePolicy[] } | { error: 'downloading-security-strings' }>
}
