import { createInstance, type TFunction } from 'i18next'
import { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

const catalogue = createInstance()
void catalogue.init({
  lng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false
})

/** The text under a key of the catalogue, in the language of the console. */
export const t: TFunction = catalogue.t
