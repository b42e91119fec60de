import { ActionIcon, type ActionIconProps, type ElementProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'

/** A button that is an icon alone: its label is what it is called and what it says on hover. */
export function IconButton({
  icon: ButtonIcon,
  label,
  iconSize = 16,
  ...others
}: ActionIconProps & ElementProps<'button', keyof ActionIconProps> & { icon: Icon; label: string; iconSize?: number }) {
  return (
    <ActionIcon aria-label={label} title={label} {...others}>
      <ButtonIcon size={iconSize} stroke={1.75} aria-hidden />
    </ActionIcon>
  )
}
