import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { contentSecurityPolicy, createNonce, securityHeaders, type Development } from './content-security-policy.ts'

export interface RendererAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** The built renderer, as its window and a browser fetch it. */
export interface RendererFiles {
  /** `target` is a request's path and query; the page gets a nonce of its own each time. Never throws. */
  answer(target: string): Promise<RendererAnswer>
}

const pageType = 'text/html; charset=utf-8'

/** A build holds nothing else: what has another ending is not served. */
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': pageType,
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2'
}

const noncePlaceholder = '__CSP_NONCE__'

/** Serves a folder with a built renderer or, where a development server's address is given, what that server makes of it. */
export function createRendererFiles(folder: string, developmentUrl: string | null = null): RendererFiles {
  const development = developmentUrl === null ? null : { webSocketUrl: developmentUrl.replace(/^http/, 'ws') }
  const read = developmentUrl === null ? readBuilt(folder) : readFromServer(developmentUrl)
  return {
    async answer(target) {
      const found = await read(target)
      if (!found) return notFound()
      return found.type.startsWith('text/html') ? page(found.content, development) : file(found)
    }
  }
}

interface FoundFile {
  type: string
  content: Buffer
}
type ReadFile = (target: string) => Promise<FoundFile | null>

function readBuilt(folder: string): ReadFile {
  return async (target) => {
    const name = resolveRendererFile(folder, target.replace(/[?#].*$/s, ''))
    const type = name && types[path.extname(name)]
    if (!type) return null
    try {
      return { type, content: await readFile(name) }
    } catch {
      return null
    }
  }
}

function readFromServer(url: string): ReadFile {
  return async (target) => {
    // Put together as text: resolved as a reference, a path that begins with `//` would name another host.
    const answer = await fetch(url.replace(/\/$/, '') + target).catch(() => null)
    if (!answer?.ok) return null
    return {
      type: answer.headers.get('content-type') ?? 'application/octet-stream',
      content: Buffer.from(await answer.arrayBuffer())
    }
  }
}

/**
 * The file in the folder that a request's path names, or null. Only plain names pass: no hidden file, no `..`, no backslash
 * or drive, nothing that is still encoded after one decoding.
 */
export function resolveRendererFile(folder: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (!/^(?:\/[\w@-][\w.@-]*)+$|^\/$/.test(decoded)) return null
  return path.join(folder, decoded === '/' ? 'index.html' : decoded)
}

function page(content: Buffer, development: Development | null): RendererAnswer {
  const nonce = createNonce()
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'content-type': pageType,
      'content-security-policy': contentSecurityPolicy(nonce, development)
    },
    body: Buffer.from(content.toString('utf8').replaceAll(noncePlaceholder, nonce))
  }
}

function file({ type, content }: FoundFile): RendererAnswer {
  return { status: 200, headers: { ...securityHeaders, 'content-type': type }, body: content }
}

function notFound(): RendererAnswer {
  return {
    status: 404,
    headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from('There is no such file.\n')
  }
}
