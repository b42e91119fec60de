import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createStopwatch, type Clock } from '../clock.ts'

export type TokenRefusal = 'used' | 'expired' | 'wrong'

/**
 * Exchanges the one-time token of the printed address for the session of one browser. Both are 256 random bits; the session
 * ends with the process.
 */
export interface SignIn {
  token: string
  redeem(token: string): { session: string } | { refusal: TokenRefusal }
  isSession(session: string | undefined): boolean
}

const tokenLifeMs = 10 * 60 * 1000

export function createSignIn(clock: Clock): SignIn {
  const token = randomSecret()
  const session = randomSecret()
  const elapsedMs = createStopwatch(clock)
  const endsAtMs = elapsedMs() + tokenLifeMs
  let isRedeemed = false
  return {
    token,
    redeem(given) {
      if (!isSame(given, token)) return { refusal: 'wrong' }
      if (isRedeemed) return { refusal: 'used' }
      if (elapsedMs() > endsAtMs) return { refusal: 'expired' }
      isRedeemed = true
      return { session }
    },
    isSession: (given) => isRedeemed && given !== undefined && isSame(given, session)
  }
}

/** Cookies are shared by all ports of an address: the port in the name keeps two hosts on one machine apart. */
export function sessionCookieName(port: number): string {
  return `provision-console-${port}`
}

/** No `Secure`: browsers refuse it over plain HTTP, which never leaves this machine here. */
export function sessionCookie(port: number, session: string): string {
  return `${sessionCookieName(port)}=${session}; Path=/; HttpOnly; SameSite=Strict`
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Compares hashes, so that neither length nor a common beginning shows in the time it takes. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}
