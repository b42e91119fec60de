import { Button, TextInput } from '@mantine/core'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CallInput } from '../../shared/contract.ts'
import type { OwnAddress } from '../../shared/mail.ts'
import { ask, bridge } from '../bridge.ts'
import { queryClient } from '../queries.ts'
import { t } from '../words/index.ts'
import { problemText } from '../words/problems.ts'
import { DeliveryAnswer } from './DeliveryAnswer.tsx'
import { SendToAddress } from './SendToAddress.tsx'
import classes from './SendToAddress.module.css'

const ownAddressQuery = queryOptions({
  queryKey: ['own-address'],
  queryFn: () => ask(bridge.mail.ownAddress({}))
})

/** Sends the mail of the preview, with its sample code, to the person at this desk, whose address was confirmed once. */
export function ToMeFirst({ request }: { request: CallInput<'mail:preview'> }) {
  const { data: own } = useQuery(ownAddressQuery)
  const [isChanging, setChanging] = useState(false)
  const renew = (fresh?: OwnAddress) =>
    fresh ? queryClient.setQueryData(ownAddressQuery.queryKey, fresh) : queryClient.invalidateQueries(ownAddressQuery)
  if (!own) return null
  if (own.confirmed !== null && !isChanging) {
    return <SendToOwn request={request} address={own.confirmed} onChange={() => setChanging(true)} />
  }
  return (
    <>
      <SendToAddress
        verb={t('mail.send.askNumber')}
        label={t('mail.send.address')}
        note={t('mail.send.askNumberNote')}
        onSend={async (address) => {
          const delivery = await ask(bridge.mail.askOwnAddress({ address }))
          await renew()
          return delivery
        }}
      />
      {own.pending !== null && (
        <ConfirmNumber
          address={own.pending}
          onConfirmed={(fresh) => {
            setChanging(false)
            void renew(fresh)
          }}
        />
      )}
    </>
  )
}

function SendToOwn({
  request,
  address,
  onChange
}: {
  request: CallInput<'mail:preview'>
  address: string
  onChange: () => void
}) {
  const send = useMutation({ mutationFn: () => ask(bridge.mail.toMe(request)) })
  return (
    <>
      <p className={classes.note}>{t('mail.send.toMeAt', { address })}</p>
      <div className={classes.row}>
        <Button variant="default" loading={send.isPending} onClick={() => send.mutate()}>
          {t('mail.send.toMeButton')}
        </Button>
        <Button variant="subtle" onClick={onChange}>
          {t('mail.send.otherAddress')}
        </Button>
      </div>
      <DeliveryAnswer delivery={send.data} error={send.error} />
    </>
  )
}

function ConfirmNumber({ address, onConfirmed }: { address: string; onConfirmed: (own: OwnAddress) => void }) {
  const [number, setNumber] = useState('')
  const confirm = useMutation({
    mutationFn: () => ask(bridge.mail.confirmOwnAddress({ number })),
    onSuccess: onConfirmed
  })
  return (
    <form
      noValidate
      className={classes.confirm}
      onSubmit={(event) => {
        event.preventDefault()
        if (number.trim() !== '' && !confirm.isPending) confirm.mutate()
      }}
    >
      <div className={classes.row}>
        <TextInput
          label={t('mail.send.number')}
          description={t('mail.send.numberNote', { address })}
          value={number}
          error={confirm.error && problemText(confirm.error)}
          onChange={(event) => setNumber(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          className={classes.field}
        />
        <Button type="submit" variant="default" disabled={number.trim() === ''} loading={confirm.isPending}>
          {t('mail.send.confirmNumber')}
        </Button>
      </div>
    </form>
  )
}
