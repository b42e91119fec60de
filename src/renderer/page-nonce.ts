/** The nonce of this page: style elements made at run time need it. */
export const pageNonce = globalThis.document?.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
