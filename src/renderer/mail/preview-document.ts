import type { MailPreview } from '../../shared/mail.ts'
import { toBase64 } from '../../shared/wire.ts'

export interface PreviewLook {
  showsImages: boolean
  isDark: boolean
}

/** What may stay of a mail's own attributes that would make the frame ask for something. */
const askingAttributes = ['background', 'poster', 'srcset', 'ping', 'action', 'formaction', 'data', 'code', 'archive']

/**
 * The mail's HTML as a document for a frame that runs no script and asks for nothing. The frame inherits the policy of the
 * page, which lets in only style elements that bear the page's nonce: so each `style` attribute becomes a rule that takes the same
 * place in the cascade, above every rule without `!important` and below every one with it. Pictures come from the message.
 */
export function previewDocument(
  html: string,
  pictures: MailPreview['pictures'],
  { showsImages, isDark }: PreviewLook,
  nonce: string
): string {
  const page = new DOMParser().parseFromString(forPolicy(html, nonce), 'text/html')
  const knowsDark = /\bdark\b/i.test(page.querySelector('meta[name=color-scheme]')?.getAttribute('content') ?? '')
  for (const element of page.querySelectorAll('script, base, meta, link, iframe, frame, object, embed, noscript')) {
    element.remove()
  }
  const sources = new Map(pictures.map((picture) => [picture.src, picture]))
  for (const image of page.querySelectorAll('img, image, input')) {
    const source = image.getAttribute('src') ?? image.getAttribute('href') ?? ''
    const picture = sources.get(source)
    image.removeAttribute('src')
    image.removeAttribute('href')
    image.removeAttribute('xlink:href')
    if (showsImages && picture) image.setAttribute('src', dataUrl(picture.contentType, picture.content))
  }
  for (const element of page.querySelectorAll('*')) {
    for (const name of askingAttributes) element.removeAttribute(name)
  }
  for (const element of page.querySelectorAll('style')) {
    element.setAttribute('nonce', nonce)
    element.textContent = forScheme(element.textContent, isDark)
  }
  // A link would leave the frame: it is there to be seen, and its address to be read on hover.
  for (const link of page.querySelectorAll('a[href], area[href]')) {
    const address = link.getAttribute('href') ?? ''
    link.setAttribute('title', address)
    link.setAttribute('href', '#')
  }
  const { normal, important } = rulesOfStyleAttributes(page)
  page.head.prepend(styleElement(page, normal, nonce))
  page.head.append(styleElement(page, important, nonce))
  const policy = page.createElement('meta')
  policy.httpEquiv = 'Content-Security-Policy'
  policy.content = `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'`
  const scheme = page.createElement('meta')
  scheme.name = 'color-scheme'
  // A reader in the dark shows a mail that says nothing of it as it is.
  scheme.content = isDark && knowsDark ? 'dark' : 'light'
  page.head.prepend(policy, scheme)
  return `<!doctype html>${page.documentElement.outerHTML}`
}

/** In the frame the mail's own queries have to answer for the reader that is looked at, not for this desk. */
export function forScheme(css: string, isDark: boolean): string {
  return css.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_match, scheme: string) =>
    (scheme.toLowerCase() === 'dark') === isDark ? '(min-width: 0px)' : '(max-width: 0px)'
  )
}

const keptStyle = 'data-mail-style'

/**
 * The policy of the page complains of every style that is parsed, in whatever document: so a style element bears the nonce from the
 * beginning, and a style attribute another name.
 */
export function forPolicy(html: string, nonce: string): string {
  return html.replace(/<[a-z](?:[^"'>]|"[^"]*"|'[^']*')*>/gi, (tag) =>
    tag
      .replace(/^<style(?=[\s/>])/i, `<style nonce="${nonce}"`)
      .replace(/([^\s"'>/=]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g, (attribute, name: string, value = '') =>
        name.toLowerCase() === 'style' ? `${keptStyle}${value}` : attribute
      )
  )
}

/** Every style attribute as a rule of its own; what it calls `!important` apart from the rest. */
function rulesOfStyleAttributes(page: Document): { normal: string; important: string } {
  let normal = ''
  let important = ''
  let styled = 0
  for (const element of page.querySelectorAll(`[style], [${keptStyle}]`)) {
    const style = readDeclarations(element.getAttribute(keptStyle) ?? element.getAttribute('style') ?? '')
    element.removeAttribute('style')
    element.removeAttribute(keptStyle)
    if (!style) continue
    const number = String(++styled)
    let usual = ''
    let strong = ''
    for (const name of Array.from(style)) {
      const declaration = `${name}: ${style.getPropertyValue(name)} !important;`
      if (style.getPropertyPriority(name) === 'important') strong += declaration
      else usual += declaration
    }
    element.setAttribute('data-styled', number)
    // Without weight of its own: whatever the mail itself calls important comes later and wins.
    if (usual !== '') normal += `:where([data-styled="${number}"]){${usual}}\n`
    if (strong !== '') important += `:is(#preview-none#preview-none,[data-styled="${number}"]){${strong}}\n`
  }
  return { normal, important }
}

/** By a sheet of its own: the policy of the page keeps an element from reading its attribute. */
function readDeclarations(text: string): CSSStyleDeclaration | null {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`*{${text}}`)
  const [rule] = sheet.cssRules
  return rule instanceof CSSStyleRule ? rule.style : null
}

function styleElement(page: Document, css: string, nonce: string): HTMLStyleElement {
  const element = page.createElement('style')
  element.setAttribute('nonce', nonce)
  element.textContent = css
  return element
}

function dataUrl(contentType: string, content: Uint8Array): string {
  const type = /^image\/(png|gif|jpeg|webp|svg\+xml)$/.test(contentType) ? contentType : 'image/png'
  return `data:${type};base64,${toBase64(content)}`
}
