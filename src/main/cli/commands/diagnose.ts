import type { Command } from 'commander'
import type { Cause, CheckStep, PhoneRun } from '../../../shared/diagnostics.ts'
import { exitCodes } from '../context.ts'
import type { AddCommand } from '../command.ts'

interface DiagnoseOptions {
  group?: string
  verbose?: boolean
}

export function addDiagnoseCommand(program: Command, add: AddCommand): void {
  add<DiagnoseOptions>(
    program,
    'diagnose [username]',
    'does all that an app does, and says what is wrong; exit code 0 only if all is well',
    async (context, [username], options) => {
      const user = username === undefined ? [] : await context.call('diagnostics:checkUser', { username })
      const run = await context.call('diagnostics:bePhone', options.group === undefined ? {} : { group: options.group })
      const causes = byWeight([...user, ...run.causes])
      const isWell = run.ok && !causes.some(({ weight }) => weight === 'fault')
      context.exitCode = isWell ? exitCodes.done : exitCodes.failed
      context.print(
        {
          ok: isWell,
          address: run.address,
          appShows: run.appShows,
          username: username ?? null,
          causes: causes.map(({ id, weight, sentence, evidence, cure }) => ({ id, weight, sentence, evidence, cure })),
          steps: run.steps.map(({ step, target, outcome, durationMs, sentence }) => ({
            step,
            target,
            outcome,
            durationMs: Math.round(durationMs),
            sentence
          }))
        },
        [
          ...run.steps.flatMap((step) => stepLines(step, options.verbose ?? false)),
          '',
          ...causes.flatMap(causeLines),
          verdict(run, causes)
        ].map((line) => line.replace(/\p{Cc}/gu, '\ufffd'))
      )
    }
  )
    .option('--group <name>', 'group of the temporary user that is provisioned')
    .option('--verbose', 'shows what went over the wire')
}

function byWeight(causes: Cause[]): Cause[] {
  return (['fault', 'suspicion', 'advice'] as const).flatMap((weight) =>
    causes.filter((cause) => cause.weight === weight)
  )
}

/** Nothing is called well beside what is marked. */
function verdict({ ok, address }: PhoneRun, causes: readonly Cause[]): string {
  if (!ok || causes.some(({ weight }) => weight === 'fault')) return 'Not all is well.'
  return causes.length === 0
    ? `All is well at ${address}.`
    : `An app was provisioned at ${address}, but look at what is marked “!” above.`
}

const marks = { passed: 'ok  ', warned: 'warn', failed: 'FAIL', skipped: 'skip' } as const

function stepLines(
  { step, outcome, durationMs, sentence, request, response }: CheckStep,
  isVerbose: boolean
): string[] {
  const line = `${marks[outcome]} ${step.padEnd(16)} ${`${Math.round(durationMs)} ms`.padStart(8)}  ${sentence}`
  const exchange = [request, response].flatMap((text) =>
    text === null ? [] : text.split('\n').map((one) => `       ${one}`)
  )
  return isVerbose ? [line, ...exchange] : [line]
}

function causeLines({ weight, sentence, evidence, cure }: Cause): string[] {
  const mend = cureCommand(cure)
  return [
    `${weight === 'fault' ? '✗' : '!'} ${sentence}`,
    ...evidence.map((line) => `    ${line}`),
    ...(mend === null ? [] : [`    → provision ${mend}`])
  ]
}

/** The command that does what the button of the window does. */
function cureCommand(cure: Cause['cure']): string | null {
  switch (cure.kind) {
    case 'user': {
      const name = quote(cure.username)
      return {
        issue: `qr ${name} --out code.png`,
        enable: `users enable ${name}`,
        unlock: `users unlock ${name}`,
        open: `users show ${name}`,
        'change-group': `users set ${name} group=…`
      }[cure.act]
    }
    case 'set-time-right':
      return 'time set-right'
    case 'add-user':
      return `users add ${quote(cure.username)}`
    case 'setting':
      return `settings set ${cure.key}=…`
    case 'group':
      return `groups set ${quote(cure.group)} mobileClient=true`
    case 'screen':
      if (cure.screen !== 'portal') return null
      return cure.field === null || cure.field === 'portal.enabled' ? 'portal' : `settings set ${cure.field}=…`
    case 'elsewhere':
      return cure.command
    default:
      return cure satisfies never
  }
}

function quote(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
