import {
  ActionIcon,
  Button,
  Checkbox,
  Input,
  Kbd,
  createTheme,
  Menu,
  Modal,
  Portal,
  SegmentedControl,
  Select,
  TextInput,
  type CSSVariablesResolver,
  type MantineColorScheme,
  type MantineColorSchemeManager
} from '@mantine/core'
import { themes, type Theme } from '../shared/desktop.ts'
import { readPreference, showTheme, writePreference } from './desk.ts'
import { t } from './words/index.ts'
import classes from './theme.module.css'

/** Where menus, dialogs and messages are put: in a landmark of their own. */
export const overlaysId = 'overlays'

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  colors: {
    accent: [
      '#ebf4ff',
      '#d5e7fd',
      '#a8cdf9',
      '#78b0f4',
      '#5399ee',
      '#3784e4',
      '#1f6fd6',
      '#0d60c0',
      '#07509f',
      '#053f7f'
    ],
    danger: [
      '#fdecea',
      '#fad4cf',
      '#f3a79f',
      '#ec786d',
      '#e05a4d',
      '#d4453a',
      '#c4352a',
      '#b42318',
      '#931a11',
      '#73140d'
    ],
    dark: ['#d3d7dd', '#b1b8c2', '#8d96a3', '#626b78', '#414955', '#323943', '#282e37', '#1d2127', '#171a1f', '#101318']
  },
  fontFamily:
    "-apple-system, 'Segoe UI Variable Text', 'Segoe UI', 'Adwaita Sans', Inter, Cantarell, Ubuntu, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', 'Liberation Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.125rem' },
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28, c: 'dimmed' } }),
    Button: Button.extend({ defaultProps: { size: 'xs', fz: 'sm', fw: 500 } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    InputWrapper: Input.Wrapper.extend({
      classNames: { label: classes.inputLabel, description: classes.inputNote, error: classes.inputNote }
    }),
    Kbd: Kbd.extend({ defaultProps: { size: 'xs' }, classNames: { root: classes.kbd } }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 80 },
        withInitialFocusPlaceholder: false
      }
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': t('actions.close') },
        padding: 20
      },
      classNames: { header: classes.modalHeader, title: classes.modalTitle }
    }),
    Portal: Portal.extend({ defaultProps: { target: `#${overlaysId}` } }),
    SegmentedControl: SegmentedControl.extend({ classNames: { label: classes.segment } }),
    Select: Select.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } })
  }
})

/** Mantine's own greys fall short of 4.5 : 1 for small text; the rest of our colours is in tokens.css. */
export const resolveCssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6370',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#b42318',
    '--mantine-color-accent-light-color': '#0d60c0',
    '--mantine-color-danger-light-color': '#b42318'
  },
  dark: {
    '--mantine-color-dimmed': '#a0a8b4',
    '--mantine-color-placeholder': '#8d96a3',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-accent-light-color': '#78b0f4',
    '--mantine-color-danger-light-color': '#ff8a80'
  }
})

const preferenceName = 'theme'

export function readTheme(): Theme {
  return themes.find((known) => known === readPreference(preferenceName)) ?? 'system'
}

/** Mantine's name for the theme of the system is `auto`. */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: () => toColorScheme(readTheme()),
  set: (scheme) => {
    const chosen: Theme = scheme === 'auto' ? 'system' : scheme
    writePreference(preferenceName, chosen)
    showTheme(chosen)
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => writePreference(preferenceName, 'system')
}

export function toColorScheme(chosen: Theme): MantineColorScheme {
  return chosen === 'system' ? 'auto' : chosen
}
