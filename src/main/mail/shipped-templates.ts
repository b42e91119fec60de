import { readFileSync } from 'node:fs'
import path from 'node:path'
import { shippedVariants, type ShippedVariant, type TemplateContent, type TemplateKind } from '../../shared/template.ts'

const subjects: Record<TemplateKind, string> = {
  code: 'Set up your authenticator app',
  notice: 'A phone was set up for you',
  link: 'Your link to a QR code'
}

export type ShippedTemplates = (kind: TemplateKind, variant: ShippedVariant) => TemplateContent

/** The templates that come with the program (`resources/mail/`); each file is read once. */
export function createShippedTemplates(folder: string): ShippedTemplates {
  const read = new Map<string, TemplateContent>()
  return (kind, variant) => {
    const name = `${kind}-${variant}`
    const known = read.get(name)
    if (known) return known
    const html = readFileSync(path.join(folder, `${name}.html`), 'utf8').replace(/\r\n/g, '\n')
    const content = { subject: subjects[kind], html, text: null }
    read.set(name, content)
    return content
  }
}

/** Which shipped one a template is, word for word, or null when it was changed. */
export function shippedVariantOf(
  shipped: ShippedTemplates,
  kind: TemplateKind,
  content: TemplateContent
): ShippedVariant | null {
  const isSame = (other: TemplateContent) =>
    other.subject === content.subject && other.html === content.html && other.text === content.text
  return shippedVariants.find((variant) => isSame(shipped(kind, variant))) ?? null
}
