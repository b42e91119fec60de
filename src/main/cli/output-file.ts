import { AppError } from '../../shared/errors.ts'
import { createPrivateFile, type PrivateFile } from '../system/private-file.ts'
import { UsageError, type CommandContext } from './context.ts'

const byteOrderMark = Buffer.from('\ufeff')

/** Tries the place before anything is done that needs it; `-` is stdout. Throws as `createPrivateFile`. */
export function openOutput({ terminal }: CommandContext, file: string, consequence = 'Nothing was done.'): PrivateFile {
  if (file !== '-') return createPrivateFile(file, consequence)
  return {
    // It tells a spreadsheet how a file is encoded; another program that reads the stream takes it for part of the first name.
    write: (bytes) => void terminal.stdout.write(bytes.subarray(startsWithMark(bytes) ? byteOrderMark.length : 0)),
    discard: () => undefined
  }
}

function startsWithMark(bytes: Uint8Array): boolean {
  return byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length))
}

/** Throws UsageError where both the content and the document of `--json` would go to stdout. */
export function refuseTwoOutputs({ isJson }: CommandContext, file: string, content: string): void {
  if (file === '-' && isJson) throw new UsageError(`With --json the ${content} cannot go to stdout too; name a file.`)
}

/** Writes what `make` gives into a file that only its owner can read, or to stdout for `-`; the file is tried first. */
export async function writeOutput<Made extends { content: Uint8Array }>(
  context: CommandContext,
  file: string,
  make: () => Promise<Made>
): Promise<Made> {
  const output = openOutput(context, file)
  const made = await discardOnFailure(output, make)
  output.write(made.content)
  return made
}

/**
 * The same for what holds codes in the clear: where it cannot be written after all, nobody holds them, so that `withdraw` ends
 * them. Throws `file-unwritable` that says so, `what` being the codes in words.
 */
export async function writeCodes<Made>(
  context: CommandContext,
  file: string,
  make: () => Promise<Made>,
  {
    contentOf,
    withdraw,
    what
  }: {
    contentOf: (made: Made) => Uint8Array
    withdraw: (made: Made) => Promise<unknown>
    what: (made: Made) => { one: boolean; words: string }
  }
): Promise<Made> {
  const output = openOutput(context, file, 'No code was issued.')
  const made = await discardOnFailure(output, make)
  try {
    output.write(contentOf(made))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { one, words } = what(made)
    const isWithdrawn = await withdraw(made).then(
      () => true,
      () => false
    )
    const end = isWithdrawn
      ? `${words} ${one ? 'was' : 'were'} withdrawn.`
      : `${words} could not be withdrawn either: ${one ? 'it is' : 'they are'} live, and nobody holds ${one ? 'it' : 'them'}.`
    throw new AppError('file-unwritable', `${error.message} ${end}`, undefined, { cause: error.cause })
  }
  return made
}

async function discardOnFailure<Made>(output: PrivateFile, make: () => Promise<Made>): Promise<Made> {
  try {
    return await make()
  } catch (error) {
    output.discard()
    throw error
  }
}
