import { Button, Modal, Select } from '@mantine/core'
import { useState } from 'react'
import type { Group } from '../../../shared/group.ts'
import dialog from '../../components/dialog.module.css'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { showUsers } from '../users/user-route.ts'
import { removeGroup } from './group-acts.ts'
import { searchGroupsFrom } from './search-from.ts'

/** Asks where the users of a group go before the group is removed. */
export function RemoveGroup({
  group,
  others,
  hasTemplates,
  onClose
}: {
  /** Null while nothing is to be removed. */
  group: Group | null
  others: readonly Group[]
  hasTemplates: boolean
  onClose: () => void
}) {
  return (
    <Modal
      opened={group !== null}
      onClose={onClose}
      title={group && t('groups.remove', { name: isolate(group.name) })}
      size={560}
    >
      {group && <Question group={group} others={others} hasTemplates={hasTemplates} onClose={onClose} />}
    </Modal>
  )
}

function Question({
  group,
  others,
  hasTemplates,
  onClose
}: {
  group: Group
  others: readonly Group[]
  hasTemplates: boolean
  onClose: () => void
}) {
  const [chosen, setChosen] = useState<string | null>(null)
  const { name, users: count } = group
  const target = others.find((other) => other.name === chosen)
  const losesApp = target && group.mobileClient && !target.mobileClient
  const remove = () => {
    onClose()
    void removeGroup(name, target?.name ?? null)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (count === 0 || target) remove()
      }}
    >
      {count > 0 && <p className={dialog.question}>{t('groups.move.text', { count })}</p>}
      {hasTemplates && <p className={dialog.question}>{t('groups.move.templates')}</p>}
      {count > 0 && (
        <Select
          data-autofocus
          label={t('groups.move.to')}
          placeholder={t('groups.move.choose')}
          data={others.map((other) => other.name)}
          value={target?.name ?? null}
          searchable={others.length >= searchGroupsFrom}
          allowDeselect={false}
          onChange={setChosen}
        />
      )}
      {losesApp && <p className={dialog.warning}>{t('groups.move.losesApp', { count, to: isolate(target.name) })}</p>}
      <div className={dialog.answers}>
        {count > 0 && (
          <Button
            variant="subtle"
            onClick={() => {
              onClose()
              showUsers({ group: name })
            }}
          >
            {t('groups.move.show', { count })}
          </Button>
        )}
        <span className={dialog.gap} />
        <Button variant="default" onClick={onClose} {...(count === 0 && { 'data-autofocus': true })}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" color="danger" disabled={count > 0 && !target}>
          {count > 0 ? t('groups.move.verb', { count }) : t('groups.move.verbEmpty')}
        </Button>
      </div>
    </form>
  )
}
