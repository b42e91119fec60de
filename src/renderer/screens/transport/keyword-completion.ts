import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { templateWords, urlKeywords, type TemplateKind } from '../../../shared/template.ts'
import { t } from '../../words/index.ts'

interface Keyword {
  label: string
  detail: string
}

/** What a template of this kind can say. Only the mail with the code has addresses of the code. */
export function keywordsOf(kind: TemplateKind): Keyword[] {
  const words = templateWords[kind].map((word) => ({
    label: `%${word}%`,
    detail: t(`transport.templates.keywords.${word}`)
  }))
  const urls = urlKeywords.map((word) => ({ label: word, detail: t(`transport.templates.keywords.${word}`) }))
  return kind === 'code' ? [...urls, ...words] : words
}

/** Offers keywords after `%` and after the beginning of `url`; everything when asked for. */
export function completeKeywords(kind: TemplateKind): (context: CompletionContext) => CompletionResult | null {
  const options = keywordsOf(kind).map((keyword) => ({ ...keyword, type: 'keyword', boost: 1 }))
  return (context) => {
    const before = context.matchBefore(/%\w*|\bu[rl]{0,2}\d?/)
    if (!before && !context.explicit) return null
    return { from: before ? before.from : context.pos, options, validFor: /^(%\w*%?|u[rl]{0,2}\d?)$/ }
  }
}
