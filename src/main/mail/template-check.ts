import type { TemplateContent, TemplateFinding, TemplateKind } from '../../shared/template.ts'
import { compileTemplate, generateText } from './compiled-template.ts'
import { findTemplateProblems, hasQrCode } from './template-rules.ts'

/** Throws for what no mail can be made of, however a transport sends it. */
export async function checkTemplate(
  kind: TemplateKind,
  content: TemplateContent,
  isHtmlSent: boolean
): Promise<TemplateFinding> {
  const problems = findTemplateProblems(kind, content, isHtmlSent)
  const generatedText = await generateText(content.html)
  await compileTemplate({ ...content, text: generatedText }, { html: true, qrImage: 'both' })
  return {
    isUsable: problems.every(({ severity }) => severity !== 'error'),
    problems,
    hasQrCode: hasQrCode(content.html),
    generatedText
  }
}
