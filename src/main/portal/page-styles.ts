import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { resourcesFolder } from '../system/program-folder.ts'

export const pageIcon = readFileSync(path.join(resourcesFolder, 'portal', 'icon.svg'))
export const pageStyles = readFileSync(path.join(resourcesFolder, 'portal', 'portal.css'))

/** Browsers keep the sheet for an hour; that of another version has another mark, or new pages would be shown by it. */
export const pageStylesMark = createHash('sha256').update(pageStyles).digest('hex').slice(0, 8)
