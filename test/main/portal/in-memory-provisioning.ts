import type { DevicePolicy } from '../../../src/shared/device.ts'
import type { Provisioning } from '../../../src/main/portal/provisioning.ts'

export const samplePolicies: DevicePolicy[] = [
  { id: '1', section: 'PIN', show: true, value: 'Yes' },
  { id: '2', section: 'Strings & <codes>', show: false, value: 'a "quoted" <value>\r\n & more' }
]

export interface InMemoryProvisioning extends Provisioning {
  /** Live codes by username. */
  codes: Map<string, string>
  devices: Map<string, { generation: number }>
  /** Everything that was asked, in order. */
  asked: object[]
}

/** The protocol's rules and nothing else: a code works once, each download gives other strings. */
export function createInMemoryProvisioning(codes: Record<string, string> = {}): InMemoryProvisioning {
  const provisioning: InMemoryProvisioning = {
    codes: new Map(Object.entries(codes)),
    devices: new Map(),
    asked: [],
    async provision(attempt) {
      provisioning.asked.push(attempt)
      const code = provisioning.codes.get(attempt.username)
      if (code === undefined) return { error: 'invalid-username' }
      if (code === '' || code !== attempt.code) return { error: 'invalid-provision-code' }
      provisioning.codes.set(attempt.username, '')
      const id = `id-of-${attempt.username}`
      provisioning.devices.set(id, { generation: 0 })
      return { id }
    },
    async downloadSecurityStrings(request) {
      provisioning.asked.push(request)
      const device = provisioning.devices.get(request.id)
      if (device === undefined) return { error: 'downloading-security-strings' }
      device.generation += 1
      const { generation } = device
      const securityStrings = Array.from({ length: 100 }, (_, i) => String(generation * 100 + i).padStart(10, '0'))
      return { securityStrings, policies: samplePolicies }
    }
  }
  return provisioning
}
