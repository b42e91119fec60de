import { Button, Menu } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import {
  shippedVariants,
  type ShippedVariant,
  type Template,
  type TemplateContent,
  type TemplateKind
} from '../../../shared/template.ts'
import { ask, bridge } from '../../bridge.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import classes from './Transport.module.css'

export async function saveTemplate(kind: TemplateKind, group: string | null, content: TemplateContent): Promise<void> {
  await ask(bridge.templates.set({ kind, group, ...content }))
  await queryClient.invalidateQueries({ queryKey: ['templates'] })
}

/** Back to one of the shipped templates; what was there before can be had back for a moment. */
export function RestoreTemplate({
  kind,
  group,
  template
}: {
  kind: TemplateKind
  group: string | null
  template: Template
}) {
  const isOwn = template.group === group
  const restore = async (variant: ShippedVariant | undefined, said: string) => {
    try {
      const { subject, html, text } = template
      await ask(bridge.templates.reset({ kind, group, ...(variant && { variant }) }))
      await queryClient.invalidateQueries({ queryKey: ['templates'] })
      const undo = async () => {
        try {
          if (isOwn) return await saveTemplate(kind, group, { subject, html, text })
          await ask(bridge.templates.reset({ kind, group }))
          await queryClient.invalidateQueries({ queryKey: ['templates'] })
        } catch (error) {
          showProblem(error)
        }
      }
      showToast(said, () => void undo())
    } catch (error) {
      showProblem(error)
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="compact-sm"
          className={classes.fixed}
          leftSection={<IconRestore size={15} aria-hidden />}
        >
          {t('transport.templates.restore')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {shippedVariants.map((variant) => (
          <Menu.Item
            key={variant}
            disabled={isOwn && template.shipped === variant}
            onClick={() => void restore(variant, t('transport.templates.restored'))}
          >
            {t(variant === 'designed' ? 'transport.templates.restoreDesigned' : 'transport.templates.restorePlain')}
          </Menu.Item>
        ))}
        {group !== null && isOwn && (
          <Menu.Item onClick={() => void restore(undefined, t('transport.templates.usesGeneral', { group }))}>
            {t('transport.templates.useGeneral')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
