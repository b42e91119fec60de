import { AppError, type ErrorCode } from '../../shared/errors.ts'

/** What was to be done with the file: the same word of the system means another thing to a reader than to a writer. */
type FileAct = 'read' | 'write'

const faults: Record<string, string | Record<FileAct, string>> = {
  ENOENT: { read: 'there is no such file', write: 'its folder does not exist' },
  ENOTDIR: { read: 'there is no such file', write: 'a part of its path is no folder' },
  EISDIR: 'it is a folder',
  EACCES: { read: 'this program may not read it', write: 'this program may not write there' },
  EPERM: { read: 'this program may not read it', write: 'this program may not write there' },
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this account',
  EFBIG: 'it would be larger than its file system takes',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name is not one that a file can have',
  EILSEQ: 'its name is not one that a file can have',
  EINVAL: { read: 'it is no ordinary file', write: 'its file system does not take such a file' },
  ENXIO: 'it is no ordinary file',
  ENODEV: 'it is no ordinary file',
  ELOOP: 'its links lead in a circle',
  EEXIST: 'it is there already',
  EBUSY: 'another program is using it',
  ETXTBSY: 'another program is using it',
  EMFILE: 'too many files are open on this machine',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk failed',
  ESTALE: 'its disk is no longer there'
}

/** What is wrong with a file, as the end of a sentence that has named it; the system's own words are for the log alone. */
export function fileFault(error: unknown, act: FileAct): string {
  const fault = faults[codeOf(error)]
  if (fault === undefined) return `the system does not let this program ${act} it; the log has its words`
  return typeof fault === 'string' ? fault : fault[act]
}

export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error))
}

/** `what` is the file's path, which may follow a word for it; `consequence` is a sentence. */
export function unreadableFile(error: unknown, what: string, code: ErrorCode = 'file-unreadable'): AppError {
  return new AppError(code, `${what} cannot be read: ${fileFault(error, 'read')}.`, undefined, { cause: error })
}

export function unwritableFile(
  error: unknown,
  what: string,
  { code = 'file-unwritable', consequence = '' }: { code?: ErrorCode; consequence?: string } = {}
): AppError {
  const sentence = `${what} cannot be written: ${fileFault(error, 'write')}.`
  return new AppError(code, [sentence, consequence].filter(Boolean).join(' '), undefined, { cause: error })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
