import { z } from 'zod'

/** What is mailed: a provision code, the notice that a phone was set up, and the one-time link of the User Portal. */
export const templateKinds = ['code', 'notice', 'link'] as const
export type TemplateKind = (typeof templateKinds)[number]

/** The keywords that are no `%WORD%`: they become addresses. */
export const urlKeywords = ['url1', 'url2', 'url3', 'url4'] as const

/** The `%WORDS%` that each kind of mail can say, without their percent signs. */
export const templateWords = {
  code: ['NAME', 'USERNAME', 'CODE', 'EXPIRES', 'VALIDITY', 'SITEID', 'SERVER', 'APPLINK'],
  notice: ['NAME', 'USERNAME', 'TIME', 'ADDRESS', 'SITEID', 'SERVER'],
  link: ['NAME', 'USERNAME', 'LINK', 'EXPIRES', 'VALIDITY', 'SITEID', 'SERVER']
} as const satisfies Record<TemplateKind, readonly string[]>

/** The designs that come with the program: `designed` for HTML readers, `plain` without any layout. */
export const shippedVariants = ['designed', 'plain'] as const
export type ShippedVariant = (typeof shippedVariants)[number]

export const mostTemplateCharacters = 200_000

export const templateContent = z.object({
  subject: z.string().max(1000),
  html: z.string().max(mostTemplateCharacters),
  /** The plain-text part as written, or null where it is made from the HTML. */
  text: z.string().max(mostTemplateCharacters).nullable()
})
export type TemplateContent = z.infer<typeof templateContent>

export const template = templateContent.extend({
  kind: z.enum(templateKinds),
  /** The group whose users get it; null is the one for everybody else. */
  group: z.string().nullable(),
  /** The shipped one that it still is, word for word; null once it was changed. */
  shipped: z.enum(shippedVariants).nullable(),
  updatedAtMs: z.number().nullable()
})
export type Template = z.infer<typeof template>

export const templateProblem = z.object({
  part: z.enum(['subject', 'html', 'text']),
  severity: z.enum(['error', 'warning']),
  /** Where it stands in that part, in UTF-16 code units from its beginning; both 0 where it speaks of the whole part. */
  from: z.number().int(),
  to: z.number().int(),
  /** From 1. */
  line: z.number().int(),
  column: z.number().int(),
  message: z.string()
})
export type TemplateProblem = z.infer<typeof templateProblem>

export const templateFinding = z.object({
  /** No error among the problems: it can be saved and sent. */
  isUsable: z.boolean(),
  problems: z.array(templateProblem),
  /** Whether the HTML holds `url4`, without which no QR code shows. */
  hasQrCode: z.boolean(),
  /** The plain-text part as it would be made from the HTML. */
  generatedText: z.string()
})
export type TemplateFinding = z.infer<typeof templateFinding>
