import './without-eval.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/dropzone/styles.css'
import './tokens.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { pageNonce } from './page-nonce.ts'

// Where the scroll lock of Mantine's dialogs looks for the nonce of its style element.
Object.assign(globalThis, { ['__webpack_nonce__']: pageNonce })

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App nonce={pageNonce} />
    </StrictMode>
  )
}
