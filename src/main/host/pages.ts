import { contentSecurityPolicy, createNonce } from '../http/content-security-policy.ts'
import { tabSecretName } from '../../shared/tab-secret.ts'
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

export function refusalText(reason: TokenRefusal): string {
  return words[reason].join('. ')
}

export function refusalPage(reason: TokenRefusal | 'signed-out'): HostPage {
  const [title, text] = words[reason]
  return hostPage(title, `<h1>${title}</h1><p>${text}</p>`, '')
}

/** Hands the token of its address over and keeps what it gets; a page that merely comes with the cookie gets nothing. */
export function signInPage(): HostPage {
  const title = 'Provision Console'
  const waiting = `<h1>${title}</h1><p>Signing in…</p><noscript><p>The console needs JavaScript.</p></noscript>`
  return hostPage(title, waiting, `<script type="module" src="${signInScriptPath}"></script>`)
}

export const signInScriptPath = '/sign-in.js'
export const signInCallPath = '/api/sign-in'

/** The policy of the page takes scripts from files alone. Its own text, since the token must be gone before anything else loads. */
export const signInScript = `const show = (text) => { document.querySelector('main p').textContent = text }
const token = new URLSearchParams(location.search).get('token')
history.replaceState(null, '', '/')
try {
  sessionStorage.setItem('${tabSecretName}', '')
  const answer = await fetch('${signInCallPath}', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-provision-console': '1' },
    body: JSON.stringify({ token })
  })
  const result = await answer.json()
  if (result.ok) {
    sessionStorage.setItem('${tabSecretName}', result.value.tab)
    location.replace('/')
  } else {
    show(result.error.message)
  }
} catch (error) {
  show(error.name === 'SecurityError' || error.name === 'QuotaExceededError'
    ? 'This browser lets the console keep nothing, so it cannot sign in; allow it to store data for this address.'
    : 'The console does not answer. ${restart}')
}
`

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
