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
