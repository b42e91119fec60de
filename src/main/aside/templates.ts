import { AppError } from '../../shared/errors.ts'
import type { TemplateContent, TemplateFinding, TemplateKind } from '../../shared/template.ts'
import type { CompiledTemplate } from '../mail/compiled-template.ts'
import { createAside, type AsideOptions, type GivenUp } from './aside.ts'
import type { TemplateToCompile } from './aside-work.ts'

const reasons: Record<GivenUp, string> = {
  'too-long': 'This HTML takes too long to make into a mail; use fewer style rules and fewer elements.',
  'too-large': 'This HTML takes too much memory to make into a mail; use fewer style rules and fewer elements.',
  'too-deep': 'The elements of this HTML are nested too deeply to make a mail of it; close those that are left open.',
  crowded: 'Too many drafts are being looked at at once; try again in a moment.'
}

const limits: Omit<AsideOptions, 'deadlineMs' | 'maxWaiting'> = {
  maxHeapMegabytes: 512,
  refuse: (why) => new AppError('template-invalid', reasons[why])
}

const drafts = createAside({ ...limits, deadlineMs: 5_000, maxWaiting: 16 })
/** What is sent was looked at when it was saved, so a machine that is merely busy gets more time; no draft is ahead of it. */
const mails = createAside({ ...limits, deadlineMs: 60_000, maxWaiting: 10_000 })

export type CompileAside = (
  content: TemplateContent,
  options: TemplateToCompile['options']
) => Promise<CompiledTemplate>

export const compileDraft: CompileAside = (content, options) => drafts.run('compileTemplate', { content, options })
export const compileForSending: CompileAside = (content, options) => mails.run('compileTemplate', { content, options })

/** What is wrong with a template; that it cannot be made into a mail at all is one of these things. */
export async function checkTemplateAside(
  kind: TemplateKind,
  content: TemplateContent,
  isHtmlSent: boolean
): Promise<TemplateFinding> {
  try {
    return await drafts.run('checkTemplate', { kind, content, isHtmlSent })
  } catch (error) {
    if (!(error instanceof AppError) || error.message === reasons.crowded) throw error
    const place = { from: 0, to: 0, line: 1, column: 1 }
    const problems = [{ part: 'html' as const, severity: 'error' as const, ...place, message: error.message }]
    return { isUsable: false, problems, hasQrCode: false, generatedText: '' }
  }
}
