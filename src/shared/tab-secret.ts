/**
 * Where a tab of the browser keeps the secret that it got when it signed in: `sessionStorage`, which belongs to one tab and one
 * port, unlike a cookie.
 */
export const tabSecretName = 'provision-console.tab'

/** The header that carries it with every call. */
export const tabSecretHeader = 'x-provision-tab'
