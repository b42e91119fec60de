import { randomBytes } from 'node:crypto'

/** Where a development server pushes changed modules to the page; never set in what people install. */
export interface Development {
  webSocketUrl: string
}

export function createNonce(): string {
  return randomBytes(16).toString('base64')
}

/**
 * The policy of a page of the console, the same in its window and in a browser. It cannot keep a script from WebRTC: the rule
 * `webrtc`, which would, is known to no engine yet, and each says so at every load. The window has other means. Only style elements need the nonce: React
 * and Mantine add them at run time. Scripts come from files alone, except that a development server puts one into the page.
 */
export function contentSecurityPolicy(nonce: string, development: Development | null): string {
  const script = development ? `'self' 'nonce-${nonce}'` : "'self'"
  const connect = development ? `'self' ${development.webSocketUrl}` : "'self'"
  return [
    "default-src 'none'",
    `script-src ${script}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // Without allow-popups: in a browser no other rule keeps a script from opening a window elsewhere.
    'sandbox allow-scripts allow-same-origin allow-forms allow-downloads allow-modals'
  ].join('; ')
}

/**
 * Headers of every answer, page or not; a page adds its policy. No Cross-Origin-Opener-Policy: HTML refuses a page that has one
 * in a sandboxed window, and browsers differ in whether the policy's own sandbox counts.
 */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // A name that is looked up in advance says something to whoever answers for it.
  'x-dns-prefetch-control': 'off',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), ' +
    'magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()',
  'cache-control': 'no-store'
} as const
