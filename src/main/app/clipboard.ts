/** As much of Electron's clipboard as is needed here; its answers are promises in newer versions only. */
export interface Clipboard {
  readText(): string | Promise<string>
  writeText(text: string): void | Promise<void>
}

const secretLifeMs = 60_000

/**
 * Puts a secret on the clipboard and takes it off after a minute, unless something else has been copied since. A page could
 * not: it may read the clipboard only while it is in front, and by then the secret is being pasted elsewhere.
 */
export interface SecretClipboard {
  copy(secret: string): Promise<void>
  /** For the end of the program: a secret that is still there would stay. */
  clear(): Promise<void>
}

export function createSecretClipboard(clipboard: Clipboard, lifeMs = secretLifeMs): SecretClipboard {
  let secret: string | null = null
  let timer: NodeJS.Timeout | undefined
  const clear = async (): Promise<void> => {
    clearTimeout(timer)
    const copied = secret
    secret = null
    if (copied !== null && (await clipboard.readText()) === copied) await clipboard.writeText('')
  }
  return {
    async copy(text) {
      clearTimeout(timer)
      await clipboard.writeText(text)
      secret = text
      timer = setTimeout(() => void clear(), lifeMs)
    },
    clear
  }
}
