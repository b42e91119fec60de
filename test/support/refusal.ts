import { AppError } from '../../src/shared/errors.ts'

/** The AppError that an act is refused with. Success, and any other error, fails the test. */
export async function refusalOf(act: () => unknown): Promise<AppError> {
  try {
    await act()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

/** The code of that refusal. */
export async function refusalCode(act: () => unknown): Promise<string> {
  return (await refusalOf(act)).code
}
