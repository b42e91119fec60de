import type { SkippedUser } from '../../shared/code.ts'
import { AppError } from '../../shared/errors.ts'
import { quietZoneModules } from '../../shared/qr.ts'
import { pageSizes, type NameFindings, type SheetDesign, type SheetPlan } from '../../shared/sheet.ts'
import type { Settings } from '../../shared/settings.ts'
import { formatQrText } from '../links/provision-links.ts'
import { codeStateOfUser, type UserRow } from './sheet-users.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { checkPrintedModule } from '../qr/scannability.ts'
import { fitBox, labelBoxes, layoutLabel, mostModules, placeLines } from './label-layout.ts'
import { letterQrMm } from './letter-drawing.ts'
import { shapeText } from './shaping.ts'
import { pagesFor } from './sheet-drawing.ts'
import { labelsAPage, partOf, readStockTable, type Stock } from './stock.ts'

/** Names that are listed of a group of users; more would not be read. */
const mostNamed = 200

/** How wide a stock prints a code, with its quiet zone. */
export function qrWidthMm(stock: Stock): number {
  return stock.kind === 'letter' ? letterQrMm : layoutLabel(stock.stock).qr.widthMm
}

/** The user whose code has the most modules, and how large they will be: the text's length alone decides. */
export function findLeastModule(
  stock: Stock,
  policy: Settings,
  users: readonly Pick<UserRow, 'username'>[]
): { username: string; modules: number; moduleMm: number; verdict: 'good' | 'small' | 'refused' } | null {
  const code = '0'.repeat(policy['policy.codes.length'])
  let longest: { username: string; url: string } | null = null
  for (const { username } of users) {
    const url = formatQrText(policy, { username, code })
    if (!longest || url.length > longest.url.length) longest = { username, url }
  }
  if (!longest) return null
  const modules = createQrMatrix(longest.url).size + 2 * quietZoneModules
  const moduleMm = qrWidthMm(stock) / modules
  return { username: longest.username, modules, moduleMm, verdict: checkPrintedModule(moduleMm) }
}

/** Parts of the table on which a code of so many modules is printed well; those of the same page first. */
export function suitableParts(modules: number, stock: Stock): string[] {
  const page = stock.kind === 'letter' ? stock.page : stock.stock.page
  const wide = readStockTable().filter((each) => mostModules(each).good >= modules)
  return wide.toSorted((a, b) => Number(b.page === page) - Number(a.page === page)).map(({ part }) => part)
}

/** Refuses what could not be scanned from paper, and says which stock would do. */
export function requirePrintableModules(stock: Stock, policy: Settings, users: readonly UserRow[]): void {
  const least = findLeastModule(stock, policy, users)
  if (least?.verdict !== 'refused') return
  const parts = suitableParts(least.modules, stock).slice(0, 3)
  const hint = parts.length === 0 ? 'Shorten the URL.' : `${parts.join(', ')} would do.`
  throw new AppError(
    'qr-too-small',
    `On ${partOf(stock)} the code of ${least.username} would have modules of ${least.moduleMm.toFixed(2)} mm; a phone needs 0.25 mm. ${hint}`,
    { suitableParts: parts }
  )
}

export function requireStart(stock: Stock, startAt: number): void {
  const labels = labelsAPage(stock)
  if (startAt <= labels) return
  throw new AppError(
    'invalid-input',
    `A page of ${partOf(stock)} has ${labels} ${labels === 1 ? 'label' : 'labels'}, so label ${startAt} cannot be the first.`
  )
}

export function planSheet({
  stock,
  design,
  policy,
  users,
  skipped,
  nowMs,
  expiresAtMs
}: {
  stock: Stock
  design: SheetDesign
  policy: Settings
  users: readonly UserRow[]
  skipped: readonly SkippedUser[]
  nowMs: number
  expiresAtMs: number
}): SheetPlan {
  const least = findLeastModule(stock, policy, users)
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  const isGood = least === null || least.verdict === 'good'
  return {
    labels: users.length,
    pages: pagesFor(stock, design.startAt, users.length),
    labelsAPage: labelsAPage(stock),
    endedCodes: users.filter((user) => codeStateOfUser(user, nowMs) === 'live').length,
    provisioned: users.filter(({ app_state }) => app_state !== 'none').length,
    leftOut: reasons.map((reason) => {
      const usernames = skipped.filter((each) => each.reason === reason).map(({ username }) => username)
      return { reason, users: usernames.length, usernames: usernames.slice(0, mostNamed) }
    }),
    leastModule: least && { username: least.username, moduleMm: least.moduleMm, verdict: least.verdict },
    suitableParts: least && !isGood ? suitableParts(least.modules, stock) : [],
    linesWithoutRoom:
      stock.kind === 'letter' ? [] : placeLines(design.lines, layoutLabel(stock.stock).text.heightMm).left,
    ...findNames(users),
    isOffPage: isOffPage(stock, design),
    expiresAtMs
  }
}

/** Whose name or username cannot be drawn as it is. */
export function findNames(users: readonly Pick<UserRow, 'name' | 'username'>[]): NameFindings {
  const found: NameFindings = { undrawnNames: [], namesWithoutMarks: [] }
  for (const { name, username } of users) {
    const drawn = [shapeText(name, 'bold'), shapeText(username, 'regular')]
    if (drawn.some(({ isUndrawn }) => isUndrawn)) found.undrawnNames.push(username)
    if (drawn.some(({ isWithoutMarks }) => isWithoutMarks)) found.namesWithoutMarks.push(username)
  }
  return {
    undrawnNames: found.undrawnNames.slice(0, mostNamed),
    namesWithoutMarks: found.namesWithoutMarks.slice(0, mostNamed)
  }
}

function isOffPage(stock: Stock, { fit }: SheetDesign): boolean {
  if (stock.kind === 'letter') return false
  const page = pageSizes[stock.stock.page]
  const { qr, text } = layoutLabel(stock.stock)
  const right = Math.max(qr.xMm + qr.widthMm, text.xMm + text.widthMm)
  const bottom = Math.max(qr.yMm + qr.heightMm, text.yMm + text.heightMm)
  return labelBoxes(stock.stock).some(({ xMm, yMm }) => {
    const box = fitBox(
      { xMm: xMm + qr.xMm, yMm: yMm + qr.yMm, widthMm: right - qr.xMm, heightMm: bottom - qr.yMm },
      fit
    )
    return box.xMm < 0 || box.yMm < 0 || box.xMm + box.widthMm > page.widthMm || box.yMm + box.heightMm > page.heightMm
  })
}
