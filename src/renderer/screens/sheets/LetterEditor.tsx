import { Button, Modal, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { letterProblem, letterWords, mostLetterCharacters } from '../../../shared/letter.ts'
import { ask, bridge } from '../../bridge.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { queries, queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import classes from './Sheets.module.css'

/** The text of letters: the server's, not this desk's. */
export function LetterEditor({ onClose }: { onClose: () => void }) {
  const letter = useQuery(queries.letter)
  return (
    <Modal opened onClose={onClose} title={t('sheets.letter.title')} size={760}>
      {letter.isError ? (
        <ErrorState error={letter.error} onRetry={() => void letter.refetch()} />
      ) : letter.data ? (
        <Editor text={letter.data.text} isShipped={letter.data.isShipped} onClose={onClose} />
      ) : (
        <LoadingState />
      )}
    </Modal>
  )
}

function Editor({ text: saved, isShipped, onClose }: { text: string; isShipped: boolean; onClose: () => void }) {
  const [text, setText] = useState(saved)
  const problem = letterProblem(text)
  const save = useMutation({
    mutationFn: (wanted: string | null) => ask(bridge.sheets.setLetter({ text: wanted })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queries.letter.queryKey })
      showToast(t('sheets.letter.saved'))
      onClose()
    },
    onError: showProblem
  })
  return (
    <div className={classes.form}>
      <Textarea
        size="xs"
        label={t('sheets.letter.text')}
        description={t('sheets.letter.hint', { words: letterWords.map((word) => `%${word}%`).join(' ') })}
        rows={20}
        maxLength={mostLetterCharacters}
        value={text}
        error={problem}
        data-autofocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.end}>
        {!isShipped && (
          <Button variant="subtle" disabled={save.isPending} onClick={() => save.mutate(null)}>
            {t('sheets.letter.shipped')}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          disabled={problem !== null || text === saved}
          loading={save.isPending}
          onClick={() => save.mutate(text)}
        >
          {t('sheets.letter.save')}
        </Button>
      </div>
    </div>
  )
}
