import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { leastPassphraseLength } from '../../../shared/key.ts'
import { t } from '../../words/index.ts'
import { strengthWords } from './backup-words.ts'
import { measurePassphrase, passphraseLength } from './passphrase-strength.ts'
import classes from './Backup.module.css'

/** A passphrase twice, with its measure while it is typed; and the button that goes on with it. */
export function NewPassphrase({
  verb,
  note,
  onTake,
  onCancel
}: {
  verb: string
  note: string
  onTake: (passphrase: string) => void
  onCancel: () => void
}) {
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [isVisible, setVisible] = useState(false)
  const missing = leastPassphraseLength - passphraseLength(first)
  const isGood = missing <= 0 && first === second
  // While the second is on its way, it is not wrong yet.
  const isWrong = second !== '' && !first.startsWith(second)
  const fields = {
    size: 'xs',
    autoComplete: 'new-password',
    visible: isVisible,
    onVisibilityChange: setVisible
  } as const
  const toggle = { 'aria-label': t('backup.passphrase.show'), 'aria-pressed': isVisible, tabIndex: 0 } as const
  return (
    <form
      className={classes.passphrase}
      onSubmit={(event) => {
        event.preventDefault()
        if (isGood) onTake(first)
      }}
    >
      <PasswordInput
        {...fields}
        label={t('backup.passphrase.new')}
        value={first}
        data-autofocus
        visibilityToggleButtonProps={toggle}
        onChange={(event) => setFirst(event.currentTarget.value)}
      />
      <Measure passphrase={first} missing={missing} />
      <PasswordInput
        {...fields}
        label={t('backup.passphrase.again')}
        value={second}
        error={isWrong && t('backup.passphrase.differ')}
        visibilityToggleButtonProps={toggle}
        onChange={(event) => setSecond(event.currentTarget.value)}
      />
      <p className={classes.note}>{note}</p>
      <div className={classes.foot}>
        <Button variant="default" onClick={onCancel}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={!isGood}>
          {verb}
        </Button>
      </div>
    </form>
  )
}

function Measure({ passphrase, missing }: { passphrase: string; missing: number }) {
  const strength = missing > 0 ? null : measurePassphrase(passphrase)
  const level = strength?.level ?? 'short'
  return (
    <div className={classes.measure} data-level={passphrase === '' ? undefined : level}>
      <span className={classes.measureBars} aria-hidden>
        <i />
        <i />
        <i />
      </span>
      <output>
        {passphrase === ''
          ? t('backup.passphrase.least', { least: leastPassphraseLength })
          : strength
            ? strengthWords(strength)
            : t('backup.passphrase.tooShort', { count: missing })}
      </output>
    </div>
  )
}
