import type { ScanQuality } from '../../shared/diagnostics.ts'
import type { TemplateContent, TemplateFinding, TemplateKind } from '../../shared/template.ts'
import type { QrImageWay } from '../../shared/transport.ts'
import type { CompiledTemplate } from '../mail/compiled-template.ts'

/** What is done aside, for what strangers and authors write can take any time: by name, what it is given and what it gives. */
export interface AsideWork {
  readTexts: { input: { image: Uint8Array }; output: { text: string }[] }
  measurePicture: { input: { image: Uint8Array; maxCodes: number }; output: MeasuredPicture }
  compileTemplate: { input: TemplateToCompile; output: CompiledTemplate }
  checkTemplate: {
    input: { kind: TemplateKind; content: TemplateContent; isHtmlSent: boolean }
    output: TemplateFinding
  }
}

export interface MeasuredPicture {
  widthPx: number
  heightPx: number
  codes: { text: string; scan: ScanQuality }[]
}

export interface TemplateToCompile {
  content: TemplateContent
  options: { html: boolean; qrImage: QrImageWay }
}

type Work = { [Name in keyof AsideWork]: (input: AsideWork[Name]['input']) => Promise<AsideWork[Name]['output']> }

/** The libraries differ, and a thread loads those alone that it is asked for. */
const loaders: { [Name in keyof Work]: () => Promise<Work[Name]> } = {
  async readTexts() {
    const { readQrPicture } = await import('../qr/decode.ts')
    return ({ image }) => readQrPicture(image)
  },
  async measurePicture() {
    const { measurePicture } = await import('../diagnostics/measure-picture.ts')
    return ({ image, maxCodes }) => measurePicture(image, maxCodes)
  },
  async compileTemplate() {
    const { compileTemplate } = await import('../mail/compiled-template.ts')
    return ({ content, options }) => compileTemplate(content, options)
  },
  async checkTemplate() {
    const { checkTemplate } = await import('../mail/template-check.ts')
    return ({ kind, content, isHtmlSent }) => checkTemplate(kind, content, isHtmlSent)
  }
}

export function loadWork(name: keyof AsideWork): Promise<(input: unknown) => Promise<unknown>> {
  return loaders[name]() as Promise<(input: unknown) => Promise<unknown>>
}
