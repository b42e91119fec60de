import type { ClearCode } from '../codes/issue.ts'
import { percentEncode } from '../../shared/provision-url.ts'
import { leastModulePx, quietZoneModules } from '../../shared/qr.ts'
import { urlHost, type Settings } from '../../shared/settings.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { longMoment } from '../system/moments.ts'
import { html, nothing, type Html } from './html.ts'
import { pageStylesMark } from './page-styles.ts'
import { pageWords } from './page-words.ts'

/** Where the pages lie, whatever public address leads here. */
export const portalPath = '/userportal'

/** A whole page. */
export function page(settings: Settings, title: string, content: Html): string {
  const server = settings['server.name']
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title} – ${server}</title>
        <link rel="icon" href="${portalPath}/icon.svg" />
        <link rel="stylesheet" href="${portalPath}/portal.css?v=${pageStylesMark}" />
      </head>
      <body>
        <main>
          <p class="server"><bdi>${server}</bdi></p>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `
  return document.source
}

/** The QR code and everything a user needs to use it, with a camera and without. */
export function codePage(
  settings: Settings,
  shown: Pick<ClearCode, 'username' | 'code' | 'expiresAtMs'> & {
    name: string
    qrText: string
    signature: string
    appLink: string
  }
): string {
  const words = pageWords.code
  const { scale, widthPx } = pictureOf(shown.qrText)
  const image = `${portalPath}/getQRCode?text=${percentEncode(shown.qrText)}&s=${shown.signature}&scale=${scale}`
  return page(
    settings,
    words.title,
    html`<p>${words.for} <bdi>${shown.name === '' ? shown.username : shown.name}</bdi></p>
      <img class="qr" src="${image}" alt="${words.imageAlt}" width="${widthPx}" height="${widthPx}" />
      <ol>
        ${words.steps.map((step) => html`<li>${step}</li>`)}
      </ol>
      <p>${words.onThisPhone}</p>
      <p><a class="button" href="${shown.appLink}">${words.openInApp}</a></p>
      <p>${words.typed}</p>
      ${facts([
        [words.siteId, String(settings['server.siteId'])],
        [words.username, shown.username],
        [words.provisionCode, groupCode(shown.code)]
      ])}
      <p>${words.expires} ${longMoment(shown.expiresAtMs)}.</p>
      <p class="quiet">${words.keepToYourself}</p>`
  )
}

/** Room that a phone of 320 px has for the picture. */
const roomPx = 288
const mostScale = 6

/** Whole pixels a module, or its edges blur: as many as there is room for. */
function pictureOf(qrText: string): { scale: number; widthPx: number } {
  const modules = createQrMatrix(qrText).size + 2 * quietZoneModules
  const scale = Math.max(leastModulePx, Math.min(mostScale, Math.floor(roomPx / modules)))
  return { scale, widthPx: scale * modules }
}

/** Where somebody came to without a signature: the code in the address is not looked at, and nothing is said of it. */
export function unsignedPage(settings: Settings, appLink: string, typedCode: string | null): string {
  const words = pageWords.unsigned
  return page(
    settings,
    words.title,
    html`<p>${words.text}</p>
      <p>${words.onThisPhone}</p>
      <p><a class="button" href="${appLink}">${pageWords.code.openInApp}</a></p>
      ${
        typedCode === null
          ? nothing
          : html`<p>${pageWords.code.typed}</p>
              ${facts([[pageWords.code.provisionCode, groupCode(typedCode)]])}`
      }`
  )
}

export function refusalPage(settings: Settings, sentence: string): string {
  const words = pageWords.refusal
  return page(
    settings,
    words.title,
    html`<p>${sentence}</p>
      <p>${words.askAgain}</p>`
  )
}

export function settingsPage(settings: Settings, isOurs: boolean): string {
  const words = pageWords.settings
  if (!isOurs) return page(settings, words.title, html`<p>${words.unknown}</p>`)
  return page(
    settings,
    words.title,
    html`<p>${words.text}</p>
      ${facts([
        [words.name, settings['server.name']],
        [words.siteId, String(settings['server.siteId'])],
        [words.host, urlHost(settings['server.host'])],
        [words.port, String(settings['server.port'])],
        [words.ssl, settings['server.usesSsl'] ? words.yes : words.no],
        [words.connectionType, settings['server.connectionType']]
      ])}`
  )
}

export function reprovisionPage(settings: Settings, user: { username: string; name: string }): string {
  const words = pageWords.reprovision
  return page(
    settings,
    words.title,
    html`<p>${pageWords.code.for} <bdi>${user.name === '' ? user.username : user.name}</bdi></p>
      <p>${words.text}</p>
      <form method="post"><button type="submit">${words.button}</button></form>`
  )
}

export function homePage(settings: Settings, shows: 'form' | 'notice' | 'sent'): string {
  const words = pageWords.home
  const form = html`<p>${words.askHere}</p>
    <form method="post" action="${portalPath}/reprovision">
      <label for="username">${words.username}</label>
      <input
        id="username"
        name="username"
        required
        maxlength="200"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
      />
      <button type="submit">${words.send}</button>
    </form>`
  const content = {
    form,
    notice: html`<p>${words.askAdministrator}</p>`,
    sent: html`<p role="status">${words.sent}</p>`
  }[shows]
  return page(
    settings,
    words.title,
    shows === 'sent'
      ? content
      : html`<p>${words.intro}</p>
          ${content}`
  )
}

function facts(entries: [name: string, value: string][]): Html {
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><bdi class="mono">${value}</bdi></dd>
        </div>`
    )}
  </dl>`
}

/** In groups of five, as it is read out; one that has groups already keeps them. */
function groupCode(code: string): string {
  return /[ -]/.test(code) ? code : (code.match(/.{1,5}/gsu)?.join(' ') ?? code)
}
