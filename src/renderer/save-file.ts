/** Hands a file to the browser, or the desktop's save dialog. */
export function saveAsFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download takes the bytes over only after this event has ended.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export function saveCsv(name: string, content: string | Uint8Array): void {
  const part = typeof content === 'string' ? content : new Uint8Array(content)
  saveAsFile(name, new Blob([part], { type: 'text/csv;charset=utf-8' }))
}

/** The day by the clock of this computer, as it sorts. */
export function fileDate(at = new Date()): string {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}
