/** What a server did that gave no answer, in one sentence; null where it is another failure than of what it sent. */
export function answerFailure(error: Error): string | null {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'UND_ERR_HEADERS_OVERFLOW') return 'The server’s headers are too long.'
  const isBadHttp =
    code.startsWith('HPE_') ||
    error.name === 'HTTPParserError' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    error.message === 'bad response'
  if (isBadHttp) return 'What the server sent is no valid HTTP.'
  const isHungUp = code === 'ECONNRESET' || code === 'UND_ERR_SOCKET'
  return isHungUp ? 'The server hung up before the answer was complete.' : null
}
