import { createRequire } from 'node:module'

/** A library that only some commands need: every start would wait for it, so it is loaded when it is first asked for. */
export function loadLate<Module>(load: (require: NodeJS.Require) => Module): () => Module {
  let loaded: Module | undefined
  return () => (loaded ??= load(createRequire(import.meta.url)))
}
