import { expect, it } from 'vitest'
import { mixedScriptsOf } from '../../src/shared/mixed-scripts.ts'

it.each([
  ['ann@ex\u0430mple.com', 'mixes Latin and Cyrillic letters in “ex\u0430mple”'],
  ['\u0430nn@example.com', 'mixes Latin and Cyrillic letters in “\u0430nn”'],
  ['ann.\u03bfhara@example.com', 'mixes Latin and Greek letters in “\u03bfhara”'],
  ['иван@пpимер.рф', 'mixes Latin and Cyrillic letters in “пpимер”'],
  ['ann@e\u1d00\u13aample.com', 'mixes Latin and Cherokee letters in “e\u1d00\u13aample”'],
  ['дани\u05d0@example.com', 'mixes Cyrillic and Hebrew letters in “дани\u05d0”'],
  ['ann\ua4d0@example.com', 'mixes Latin and other letters in “ann\ua4d0”']
])('%s is warned about', (address, warning) => {
  expect(mixedScriptsOf(address)).toBe(warning)
})

it.each([
  'ann@example.com',
  'jörg.müller@größe.de',
  'иван.петров@пример.рф',
  'иван@example.com',
  'ivan1@пример-2.рф',
  'δοκιμή@παράδειγμα.ελ',
  '山田たろうカナ@例え.jp',
  'tanaka田中@example.jp',
  'kim김@예.한국',
  'दाना@उदाहरण.भारत',
  'دانا@مثال.إختبار',
  'e\u0301va@example.com',
  ''
])('%s mixes nothing', (address) => {
  expect(mixedScriptsOf(address)).toBeNull()
})
