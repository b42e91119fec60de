import { contentSecurityPolicy, createNonce } from '../content-security-policy.ts'
import type { TokenRefusal } from './sign-in.ts'

/** A page that the host itself answers with, before there is a console to show. */
export interface HostPage {
  headers: Record<string, string>
  body: string
}

const restart = 'Stop the console in its terminal and start it again: it prints a new address.'

const words = {
  wrong: ['This address does not open the console', `Its token is not the one that was printed. ${restart}`],
  used: [
    'This address has been used',
    `The printed address opens the console once, in one browser. If that was not you, somebody else has opened it. ${restart}`
  ],
  expired: ['This address has expired', `The printed address opens the console within ten minutes. ${restart}`],
  'signed-out': [
    'This browser is not signed in',
    'Open the address that was printed in the terminal where the console was started. It works once; after that, start the console again.'
  ]
} as const

export function refusalPage(reason: TokenRefusal | 'signed-out'): HostPage {
  const [title, text] = words[reason]
  return hostPage(title, `<h1>${title}</h1><p>${text}</p>`, '')
}

/**
 * Sends the browser to the console once more. After a link on another site it comes without its `SameSite=Strict` cookie;
 * from this page, which is our own, it comes with it.
 */
export function reloadPage(): HostPage {
  const title = 'Provision Console'
  return hostPage(title, `<p><a href="/">${title}</a></p>`, '<meta http-equiv="refresh" content="0; url=/">')
}

function hostPage(title: string, main: string, head: string): HostPage {
  const nonce = createNonce()
  const style =
    ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem}h1{font-size:1.25rem}'
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(nonce, null)
    },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}
<title>${title}</title><style nonce="${nonce}">${style}</style></head>
<body><main>${main}</main></body>
</html>
`
  }
}
