/** What the app shows when provisioning fails, in the wording of the app's own documentation. */
export const appErrorTexts = {
  'unknown-server-id': 'Error Server, Unknown Server ID',
  'server-connection': 'Error Server Connection',
  'invalid-username': 'Invalid Username',
  'invalid-provision-code': 'Invalid Provision Code',
  'downloading-security-strings': 'Error Downloading Security Strings',
  'reprovision-url': 'Reprovision URL not retrieved'
} as const

export type AppErrorKind = keyof typeof appErrorTexts
