import { Button } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { t } from '../words/index.ts'
import { EmptyState } from './EmptyState.tsx'

/** Keeps a fault of one screen from taking the others along. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error('unknown') }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <EmptyState icon={IconAlertCircle} title={t('problem.boundaryTitle')} text={t('problem.boundary')}>
        <Button variant="default" onClick={() => this.setState({ error: null })}>
          {t('actions.retry')}
        </Button>
        <Button variant="default" onClick={() => location.reload()}>
          {t('actions.reload')}
        </Button>
      </EmptyState>
    )
  }
}
