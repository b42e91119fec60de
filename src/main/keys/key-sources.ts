/** The operating system's keychain, where there is one; the desktop brings it (Electron's safeStorage). */
export interface Keychain {
  encrypt(secret: Buffer): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<Buffer | null>
}

/** What this program can open a slot with. */
export interface KeySources {
  /** From the environment, or asked for; null when there is none. Called only when a passphrase slot is there to open. */
  passphrase: (() => Promise<string | null>) | null
  /** Whether the passphrase is known without asking: then a first start makes a passphrase slot. */
  hasPassphrase: boolean
  /** Key files beside those the slots name, such as a systemd credential. */
  keyFiles: string[]
  keychain: Keychain | null
}
