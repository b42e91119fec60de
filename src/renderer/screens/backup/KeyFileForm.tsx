import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { addKeyFile } from './key-acts.ts'
import classes from './Backup.module.css'

export function KeyFileForm({ onDone }: { onDone: () => void }) {
  const [path, setPath] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const add = async () => {
    try {
      await addKeyFile(path.trim())
      onDone()
    } catch (error) {
      setProblem(problemText(error))
    }
  }
  return (
    <form
      className={classes.passphrase}
      onSubmit={(event) => {
        event.preventDefault()
        if (path.trim() !== '') void add()
      }}
    >
      <p className={classes.note}>{t('backup.keys.fileText')}</p>
      <TextInput
        label={t('backup.keys.filePath')}
        placeholder="/etc/provision/portal.key"
        value={path}
        error={problem}
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setPath(event.currentTarget.value)
          setProblem(null)
        }}
      />
      <div className={classes.foot}>
        <Button variant="default" onClick={onDone}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={path.trim() === ''}>
          {t('backup.keys.fileVerb')}
        </Button>
      </div>
    </form>
  )
}
