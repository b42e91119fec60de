import { autocompletion } from '@codemirror/autocomplete'
import { html } from '@codemirror/lang-html'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { basicSetup } from 'codemirror'
import { useEffect, useEffectEvent, useRef } from 'react'
import { mostTemplateCharacters, type TemplateKind, type TemplateProblem } from '../../../shared/template.ts'
import { pageNonce } from '../../page-nonce.ts'
import { completeKeywords } from './keyword-completion.ts'
import classes from './Transport.module.css'

/** Colours of the console, which follow its theme by themselves. */
const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', color: 'var(--mantine-color-text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--pc-strong)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--pc-strong)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--pc-selected)'
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--pc-hover) 60%, transparent)' },
  '.cm-gutters': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'var(--pc-nav)',
    borderRight: '1px solid var(--pc-border)'
  },
  '.cm-activeLineGutter': { backgroundColor: 'var(--pc-hover)' },
  '.cm-tooltip': {
    color: 'var(--mantine-color-text)',
    backgroundColor: 'var(--pc-raised)',
    border: '1px solid var(--pc-border-strong)',
    borderRadius: '4px'
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--pc-strong)',
    backgroundColor: 'var(--pc-selected)'
  },
  '.cm-completionDetail': { color: 'var(--mantine-color-dimmed)', fontStyle: 'normal' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--pc-red)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--pc-amber)' },
  '.cm-panels': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--pc-nav)' }
})

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--pc-blue)' },
  { tag: tags.attributeName, color: 'var(--pc-amber)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--pc-green)' },
  { tag: [tags.comment, tags.documentMeta], color: 'var(--mantine-color-dimmed)' },
  { tag: [tags.propertyName, tags.className, tags.keyword], color: 'var(--pc-blue)' },
  { tag: [tags.number, tags.unit, tags.color], color: 'var(--pc-red)' }
])

/** An editor of one part of a template: it completes keywords and marks what is wrong. */
export function CodeEditor({
  id,
  value,
  kind,
  isHtml,
  label,
  problems,
  onChange
}: {
  id: string
  value: string
  kind: TemplateKind
  isHtml: boolean
  label: string
  /** Of this part. */
  problems: readonly TemplateProblem[]
  onChange: (value: string) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const change = useEffectEvent(onChange)
  const firstValue = useEffectEvent(() => value)
  useEffect(() => {
    if (!place.current) return undefined
    const state = EditorState.create({
      doc: firstValue(),
      extensions: [
        basicSetup,
        look,
        syntaxHighlighting(colours),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(pageNonce),
        EditorView.contentAttributes.of({
          id,
          tabindex: '0',
          'aria-label': label,
          spellcheck: isHtml ? 'false' : 'true'
        }),
        EditorState.changeFilter.of((transaction) => transaction.newDoc.length <= mostTemplateCharacters),
        autocompletion({ override: [completeKeywords(kind)], icons: false }),
        ...(isHtml ? [html()] : []),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) change(update.state.doc.toString())
        })
      ]
    })
    const made = new EditorView({ state, parent: place.current })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
  }, [id, kind, isHtml, label])

  // Changed by other means: discarded, put back, or by somebody else.
  useEffect(() => {
    const made = view.current
    const shown = made?.state.doc.toString()
    if (made && shown !== undefined && shown !== normalLines(value)) {
      made.dispatch({ changes: { from: 0, to: shown.length, insert: value } })
    }
  }, [value])

  useEffect(() => {
    const made = view.current
    if (!made) return
    const { length } = made.state.doc
    const marks = problems.map(({ from, to, severity, message }): Diagnostic => ({
      from: Math.min(from, length),
      to: Math.min(Math.max(from, to), length),
      severity,
      message
    }))
    made.dispatch(setDiagnostics(made.state, marks))
  }, [problems])

  return <div ref={place} className={classes.code} />
}

/** The editor keeps every line break as one character. */
function normalLines(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
