import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { copySecret, copyText } from '../desk.ts'
import { t } from '../words/index.ts'
import { IconButton } from './IconButton.tsx'
import { showToast } from './toast.tsx'

const confirmedForMs = 2_000

/** Copies a text; a secret one leaves the clipboard again after a minute. `label` says what is copied. */
export function CopyButton({ text, label, isSecret = false }: { text: string; label: string; isSecret?: boolean }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), confirmedForMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    try {
      await (isSecret ? copySecret(text) : copyText(text))
      setCopied(true)
      showToast(t(isSecret ? 'clipboard.copiedSecret' : 'clipboard.copied'))
    } catch {
      showToast(t('clipboard.failed'))
    }
  }
  return <IconButton icon={isCopied ? IconCheck : IconCopy} label={label} onClick={() => void copy()} />
}
