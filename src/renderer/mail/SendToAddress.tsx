import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Delivery } from '../../shared/transport.ts'
import { readPreference, writePreference } from '../desk.ts'
import { DeliveryAnswer } from './DeliveryAnswer.tsx'
import classes from './SendToAddress.module.css'

const addressPreference = 'mail.toMe'

/** One mail to one address, and what the mail server said to it. The address is kept at this desk. */
export function SendToAddress({
  verb,
  label,
  note,
  onSend,
  isInForm = false
}: {
  verb: string
  label: string
  note?: string
  onSend: (address: string) => Promise<Delivery>
  /** Stands inside another form, which Enter in the field must not submit. */
  isInForm?: boolean
}) {
  const [address, setAddress] = useState(() => readPreference(addressPreference) ?? '')
  const send = useMutation({ mutationFn: onSend })
  const trimmed = address.trim()
  const submit = () => {
    if (trimmed === '' || send.isPending) return
    writePreference(addressPreference, trimmed)
    send.mutate(trimmed)
  }
  const content = (
    <>
      <div className={classes.row}>
        <TextInput
          type="email"
          label={label}
          {...(note !== undefined && { description: note })}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (!isInForm || event.key !== 'Enter') return
            event.preventDefault()
            submit()
          }}
          autoComplete="email"
          spellCheck={false}
          maxLength={400}
          className={classes.field}
        />
        <Button
          type={isInForm ? 'button' : 'submit'}
          variant="default"
          disabled={trimmed === ''}
          loading={send.isPending}
          {...(isInForm && { onClick: submit })}
        >
          {verb}
        </Button>
      </div>
      <DeliveryAnswer delivery={send.data} error={send.error} />
    </>
  )
  if (isInForm) return content
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {content}
    </form>
  )
}
