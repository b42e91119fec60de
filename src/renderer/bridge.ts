import type { Bridge } from '../shared/bridge.ts'
import { contract } from '../shared/contract.ts'
import type { ErrorData, Result } from '../shared/errors.ts'
import type { EventData, EventName } from '../shared/events.ts'
import { decodeWire, encodeWire } from '../shared/wire.ts'
import { setConnection } from './connection.ts'

declare global {
  interface Window {
    /** Set by the preload of the desktop window; absent in a browser. */
    provisionBridge?: Bridge
  }
}

/** A call that was answered with a refusal. */
export class CallError extends Error {
  readonly data: ErrorData

  constructor(data: ErrorData) {
    super(data.message)
    this.name = 'CallError'
    this.data = data
  }
}

/** A call that nobody answered. */
export class ConnectionError extends Error {
  readonly isSessionEnded: boolean

  constructor(isSessionEnded: boolean) {
    super(isSessionEnded ? 'the session has ended' : 'the console does not answer')
    this.name = 'ConnectionError'
    this.isSessionEnded = isSessionEnded
  }
}

/** The value of an answer; throws CallError for a refusal. */
export async function ask<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer
  if (!result.ok) throw new CallError(result.error)
  return result.value
}

/** The contract over HTTP, for a browser: calls as POSTs, pushes as an event stream. */
function createHttpBridge(): Bridge {
  const calls: Record<string, Record<string, (input: unknown) => Promise<unknown>>> = {}
  for (const name of Object.keys(contract)) {
    const [noun = '', verb = ''] = name.split(':')
    calls[noun] = { ...calls[noun], [verb]: (input) => post(name, input) }
  }
  // The loop goes over the very table that the type is derived from.
  return { ...calls, on: subscribe } as unknown as Bridge
}

async function post(name: string, input: unknown): Promise<unknown> {
  let response: Response
  let text: string
  try {
    response = await fetch(`/api/call/${name}`, {
      method: 'POST',
      credentials: 'same-origin',
      // A page of another origin cannot send this header, which is how the host knows that the console itself asks.
      headers: { 'content-type': 'application/json', 'x-provision-console': '1' },
      body: encodeWire(input)
    })
    text = await response.text()
  } catch {
    throw new ConnectionError(false)
  }
  if (response.status === 401) {
    setConnection('ended')
    throw new ConnectionError(true)
  }
  try {
    return decodeWire(text)
  } catch {
    throw new ConnectionError(false)
  }
}

let stream: EventSource | undefined

function subscribe<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
  stream ??= openStream()
  const source = stream
  const receive = (event: MessageEvent<string>) => {
    listener(JSON.parse(event.data) as EventData<Name>)
  }
  source.addEventListener(name, receive)
  return () => source.removeEventListener(name, receive)
}

function openStream(): EventSource {
  const source = new EventSource('/api/events')
  source.addEventListener('open', () => setConnection('open'))
  source.addEventListener('error', () => {
    setConnection('lost')
    // The browser tries again by itself unless it was refused; the answer to a call then says whether the session has ended.
    if (source.readyState === EventSource.CLOSED) void post('version:get', {}).catch(() => undefined)
  })
  return source
}

export const bridge: Bridge = globalThis.window?.provisionBridge ?? createHttpBridge()
