import { templateWords, type TemplateContent, type TemplateKind, type TemplateProblem } from '../../shared/template.ts'
import { readHtml } from './html-tags.ts'
import { findHtmlKeywords, findKeywords, isAddressWord, isKnownWord, type Found } from './keywords.ts'

type Problem = Omit<TemplateProblem, 'line' | 'column'>

/** What is wrong with a template, and what may be; an error keeps it from being saved. */
export function findTemplateProblems(
  kind: TemplateKind,
  content: TemplateContent,
  isHtmlSent: boolean
): TemplateProblem[] {
  const problems = [
    ...subjectProblems(kind, content.subject),
    ...htmlProblems(kind, content, isHtmlSent),
    ...textProblems(kind, content)
  ]
  const sources = { subject: content.subject, html: content.html, text: content.text ?? '' }
  return problems.map((problem) => ({ ...problem, ...placeOf(sources[problem.part], problem.from) }))
}

export function hasQrCode(html: string): boolean {
  return findHtmlKeywords(html).some(({ word }) => word === 'url4')
}

function subjectProblems(kind: TemplateKind, subject: string): Problem[] {
  const whole = (severity: Problem['severity'], message: string): Problem[] => [
    { part: 'subject', severity, from: 0, to: 0, message }
  ]
  if (subject.trim() === '') return whole('error', 'The subject is empty.')
  return [
    ...(/[\r\n]/.test(subject) ? whole('error', 'A subject is one line.') : []),
    ...unknownWords(kind, 'subject', findKeywords(subject)),
    ...findKeywords(subject)
      .filter(({ word }) => word === 'CODE' || isAddressWord(word))
      .map(({ from, to, word }): Problem => ({
        part: 'subject',
        severity: 'warning',
        from,
        to,
        message: `${word} is secret, and a subject shows on locked screens and in logs of mail servers.`
      }))
  ]
}

function htmlProblems(kind: TemplateKind, { html, text }: TemplateContent, isHtmlSent: boolean): Problem[] {
  const found = findHtmlKeywords(html)
  const problems: Problem[] = unknownWords(kind, 'html', found)
  const add = (severity: Problem['severity'], { from, to }: { from: number; to: number }, message: string) =>
    problems.push({ part: 'html', severity, from, to, message })
  const whole = { from: 0, to: 0 }
  for (const one of found) {
    if (!isKnownWord(kind, one.word)) continue
    if (one.escaping === 'nowhere') {
      add('error', one, `${one.word} cannot stand inside a script, a style or the name of a tag.`)
    } else if (one.beginsAddress && !isAddressWord(one.word)) {
      add(
        'error',
        one,
        `An address cannot begin with %${one.word}%: it could become any address. Write https:// before it.`
      )
    }
  }
  for (const token of readHtml(html)) {
    if (token.kind !== 'tag' || token.isEnd) continue
    if (token.name === 'script') add('warning', token, 'Mail readers run no scripts and may refuse the mail.')
    if (token.name === 'form') add('warning', token, 'Many mail readers show no forms, or warn of them.')
    const data = token.attributes.find(({ name, value }) => name === 'src' && /^\s*data:/i.test(value))
    if (data) add('warning', token, 'Mail readers drop pictures that stand in the HTML itself (data:).')
  }
  if (html.trim() === '' && (text === null || text.trim() === '')) add('error', whole, 'The mail says nothing.')
  if (/[\uE000\uE001]/.test(html))
    add('error', whole, 'The HTML holds a character that this program uses itself (U+E000, U+E001).')
  if (kind === 'code' && !isHtmlSent) {
    add('warning', whole, 'The transport sends text alone (HTML is off), so no QR code can show.')
  } else if (kind === 'code' && !found.some(({ word }) => word === 'url4')) {
    add('warning', whole, 'No QR code shows: the HTML holds no url4, as in <img src=url4>.')
  }
  if (kind === 'link' && !found.some(({ word }) => word === 'LINK') && html.trim() !== '') {
    add('error', whole, 'The mail lacks its link: the HTML holds no %LINK%.')
  }
  return problems
}

function textProblems(kind: TemplateKind, { text }: TemplateContent): Problem[] {
  if (text === null) return []
  const found = findKeywords(text)
  const problems = unknownWords(kind, 'text', found)
  const whole = { part: 'text', from: 0, to: 0 } as const
  if (text.trim() === '')
    problems.push({ ...whole, severity: 'error', message: 'The text is empty; have it made from the HTML instead.' })
  if (kind === 'link' && !found.some(({ word }) => word === 'LINK')) {
    problems.push({ ...whole, severity: 'error', message: 'The mail lacks its link: the text holds no %LINK%.' })
  }
  if (kind === 'code' && !found.some(({ word }) => word === 'CODE' || word === 'url3')) {
    problems.push({
      ...whole,
      severity: 'warning',
      message: 'Who reads the text alone gets no code: it holds neither %CODE% nor url3.'
    })
  }
  return problems
}

function unknownWords(kind: TemplateKind, part: Problem['part'], found: Found[]): Problem[] {
  return found
    .filter(({ word }) => !isKnownWord(kind, word))
    .map(({ word, from, to }) => ({
      part,
      severity: 'error',
      from,
      to,
      message: word.startsWith('url')
        ? `${word} has no meaning in this mail: it carries no code.`
        : `There is no keyword %${word}%. Known are ${templateWords[kind].map((known) => `%${known}%`).join(', ')}.`
    }))
}

function placeOf(source: string, from: number): { line: number; column: number } {
  const before = source.slice(0, from)
  const line = before.split(/\r\n|\r|\n/).length
  return { line, column: from - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) }
}
