import type { Keychain, KeySources } from '../keys/key-sources.ts'

export interface AskingSources {
  sources: KeySources
  /** Whether a person has been asked, and may be again. */
  wasAsked(): boolean
}

/**
 * The desktop opens the data key by the keychain, by a key file, or by a passphrase from the environment or, where that is
 * all there is, from a person. `ask` is told whether an earlier answer was wrong.
 */
export function desktopKeySources(
  environment: NodeJS.ProcessEnv,
  keychain: Keychain | null,
  ask: (isAgain: boolean) => Promise<string>
): AskingSources {
  const given = environment['PROVISION_PASSPHRASE']
  const keyFile = environment['PROVISION_KEY_FILE']
  let timesAsked = 0
  return {
    sources: {
      keychain,
      keyFiles: keyFile ? [keyFile] : [],
      hasPassphrase: Boolean(given),
      passphrase: given ? async () => given : () => ask(timesAsked++ > 0)
    },
    wasAsked: () => timesAsked > 0
  }
}
