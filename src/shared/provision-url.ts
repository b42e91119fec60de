/** `encodeURIComponent` plus `'()*!`: mail readers end or break a link at those. Throws URIError on a lone surrogate. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}

export interface ProvisionText {
  siteId: number
  username: string
  code: string
}

/** The text of a QR code (url3). `completeUrl` stands as it is, so it brings its own last slash. */
export function formatProvisionText({ completeUrl, siteId, username, code }: ProvisionText & { completeUrl: string }) {
  return `${completeUrl}${siteId}/${percentEncode(username)}/${percentEncode(code)}`
}

/** Base and the last three segments of the path; a query such as the signature, or a fragment, may follow. */
const provisionLink =
  /^(?:mobileclient:)?(?<base>https?:\/\/[^?#\s]*\/)(?<siteId>[^/?#]+)\/(?<username>[^/?#]+)\/(?<code>[^/?#]+)(?:[?#].*)?$/is

/** Reads the text of a QR code, a mailed link (its `?s=` is left out) or the default app link; null when it is none of them. */
export function parseProvisionText(text: string): (ProvisionText & { base: string }) | null {
  const { base, siteId, username, code } = provisionLink.exec(text)?.groups ?? {}
  if (base === undefined || siteId === undefined || username === undefined || code === undefined) return null
  if (!URL.canParse(base) || !/^[1-9]\d{0,14}$/.test(siteId)) return null
  try {
    return { base, siteId: Number(siteId), username: decodeURIComponent(username), code: decodeURIComponent(code) }
  } catch {
    return null
  }
}
