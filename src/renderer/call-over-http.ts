import { tabSecretHeader } from '../shared/tab-secret.ts'
import { encodeFrame, framesType } from '../shared/wire-frame.ts'
import { decodeWire, encodeWire } from '../shared/wire.ts'

/** What came of a call over HTTP: the contract's answer, or that the session has ended or nobody answered. */
export type HttpAnswer = { result: unknown } | { failure: 'ended' | 'lost' }

export interface HttpCall {
  name: string
  input: unknown
  /** Without it the host answers no call, whatever cookie comes along. */
  tabSecret: string
}

export async function callOverHttp({ name, input, tabSecret }: HttpCall): Promise<HttpAnswer> {
  try {
    const response = await fetch(`/api/call/${name}`, {
      method: 'POST',
      credentials: 'same-origin',
      // A page of another origin cannot send these headers, which is how the host knows that the console itself asks.
      headers: {
        'content-type': hasFiles(input) ? framesType : 'application/json',
        'x-provision-console': '1',
        [tabSecretHeader]: tabSecret
      },
      body: hasFiles(input) ? new Blob(encodeFrame(input)) : encodeWire(input)
    })
    if (response.status === 401) return { failure: 'ended' }
    return { result: decodeWire(await response.text()) }
  } catch {
    return { failure: 'lost' }
  }
}

function hasFiles(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.values(input).some((each) => each instanceof Uint8Array)
}
