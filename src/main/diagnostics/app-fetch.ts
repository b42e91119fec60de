import { connectionFault } from '../system/connection-faults.ts'
import { answerFailure } from './answer-failure.ts'

export interface AppRequest {
  url: string
  /** The XML of a POST; null for a GET. */
  body: string | null
}

export interface AppAnswer {
  status: number
  body: Uint8Array
}

/** Why no answer came, in one sentence: what a `send` throws. */
export class NoAnswer extends Error {}

/** A hundred strings and their policies take under 3 KiB; no server may fill this process's memory. */
const mostAnswerBytes = 256 * 1024

export function sendByFetch(stepTimeoutMs: number) {
  return async ({ url, body }: AppRequest, onStatus: (status: number) => void): Promise<AppAnswer> => {
    const response = await fetch(url, {
      // A redirect would turn the POST into an empty GET, and could lead the code to another server.
      redirect: 'manual',
      signal: AbortSignal.timeout(stepTimeoutMs),
      ...(body !== null && { method: 'POST', headers: { 'content-type': 'application/xml' }, body })
    })
    // Also told where the rest never comes.
    onStatus(response.status)
    return { status: response.status, body: await readLimited(response) }
  }
}

class AnswerTooLong extends Error {}

async function readLimited({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    // Leaving the loop by an error cancels the stream and with it the connection.
    if (bytes > mostAnswerBytes) throw new AnswerTooLong()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export function fetchFailureReason(error: unknown, stepTimeoutMs: number): string {
  if (error instanceof NoAnswer) return error.message
  if (error instanceof AnswerTooLong) return `The answer is longer than ${mostAnswerBytes} bytes.`
  if (!(error instanceof Error)) return 'The server could not be reached.'
  if (error.name === 'TimeoutError') return `No complete answer came within ${stepTimeoutMs / 1000} s.`
  const cause = error.cause instanceof Error ? error.cause : error
  const failure = answerFailure(cause)
  if (failure !== null) return failure
  return `The server could not be reached: ${connectionFault(cause)}.`
}
