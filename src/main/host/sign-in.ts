import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createStopwatch, type Clock } from '../system/clock.ts'

export type TokenRefusal = 'used' | 'expired' | 'wrong'

/**
 * Exchanges the one-time token of the printed address for the session of one tab: a cookie, and a secret that its page keeps
 * by itself. A browser sends the cookie to every port of this machine, so whoever holds that alone may read the program's
 * files and nothing else. All are 256 random bits; the session ends with the process.
 */
export interface SignIn {
  token: string
  /** Why the token opens nothing, or null; the token is not used up by asking. */
  check(token: string): TokenRefusal | null
  redeem(token: string): { session: string; tab: string } | { refusal: TokenRefusal }
  isSession(session: string | undefined): boolean
  isTab(secret: string | undefined): boolean
}

const tokenLifeMs = 10 * 60 * 1000

export function createSignIn(clock: Clock): SignIn {
  const token = randomSecret()
  const session = randomSecret()
  const tab = randomSecret()
  const elapsedMs = createStopwatch(clock)
  const endsAtMs = elapsedMs() + tokenLifeMs
  let isRedeemed = false
  const check = (given: string): TokenRefusal | null => {
    if (!isSame(given, token)) return 'wrong'
    if (isRedeemed) return 'used'
    return elapsedMs() > endsAtMs ? 'expired' : null
  }
  return {
    token,
    check,
    redeem(given) {
      const refusal = check(given)
      if (refusal) return { refusal }
      isRedeemed = true
      return { session, tab }
    },
    isSession: (given) => isRedeemed && given !== undefined && isSame(given, session),
    isTab: (given) => isRedeemed && given !== undefined && isSame(given, tab)
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
