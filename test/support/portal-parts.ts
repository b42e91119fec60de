import { createSecretKey } from 'node:crypto'
import type { PortalParts } from '../../src/main/portal/portal-parts.ts'
import { settingDefaults, type Settings } from '../../src/shared/settings.ts'

export const testSettings: Settings = {
  ...settingDefaults,
  'server.siteId': 7,
  'policy.selfReset.provisioningUrl': 'https://portal.test/userportal/provision/',
  'policy.selfReset.settingsUrl': 'https://portal.test/userportal/getsettings/',
  'policy.selfReset.completeUrl': 'https://portal.test/userportal/complete/',
  'policy.selfReset.qrCodeUrl': 'https://portal.test/userportal/getQRCode?text='
}

/** Of a server that has signed nothing, for tests that are about something else. */
export function createPortalPages(): Pick<
  PortalParts,
  'readSettings' | 'findSignedCode' | 'links' | 'requestLink' | 'noteFetch' | 'noteStoreFault' | 'onChange' | 'signing'
> {
  return {
    readSettings: async () => testSettings,
    findSignedCode: async () => null,
    links: { look: async () => ({ refusal: 'unknown' }), redeem: async () => ({ refusal: 'unknown' }) },
    requestLink: null,
    noteStoreFault: () => false,
    noteFetch: () => undefined,
    onChange: () => undefined,
    signing: createSecretKey(Buffer.alloc(32, 1))
  }
}
