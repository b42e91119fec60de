import { tabSecretHeader } from '../shared/tab-secret.ts'
import type { Connection } from './connection.ts'

/** One event as the stream has it. */
export interface StreamedEvent {
  name: string
  data: string
}

const retryMs = 1_000

/**
 * Listens to the host for as long as the page lives, again and again when the stream ends. A stream that is fetched, since an
 * `EventSource` could not send the secret of the tab.
 */
export async function listenOverHttp(
  tabSecret: string,
  onEvent: (event: StreamedEvent) => void,
  onConnection: (connection: Connection) => void
): Promise<void> {
  for (;;) {
    try {
      const response = await fetch('/api/events', { headers: { [tabSecretHeader]: tabSecret } })
      if (response.status === 401) return onConnection('ended')
      if (response.ok && response.body) {
        onConnection('open')
        await readEvents(response.body, onEvent)
      }
    } catch {
      // The host is gone or the network is: told below, and tried again.
    }
    onConnection('lost')
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

/** Reads a stream of events until it ends, however its bytes are cut up. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: StreamedEvent) => void
): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let unread = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (unread + decoder.decode(value, { stream: true })).split('\n\n')
    unread = blocks.pop() ?? ''
    for (const block of blocks) {
      const name = fieldOf(block, 'event')
      const data = fieldOf(block, 'data')
      if (name !== undefined && data !== undefined) onEvent({ name, data })
    }
  }
}

function fieldOf(block: string, field: string): string | undefined {
  return block
    .split('\n')
    .find((line) => line.startsWith(`${field}: `))
    ?.slice(field.length + 2)
}
