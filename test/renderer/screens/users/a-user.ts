import type { User } from '../../../../src/shared/user.ts'

export const now = Date.UTC(2026, 10, 24, 12)

export function aUser(change: Partial<User> = {}): User {
  return {
    id: 1,
    username: 'jdoe',
    name: 'Jo Doe',
    email: 'jdoe@example.com',
    phone: '',
    group: 'Staff',
    disabled: false,
    app: 'none',
    provisionedAtMs: null,
    code: 'none',
    codeIssuedAtMs: null,
    codeExpiresAtMs: null,
    codeSentAtMs: null,
    lockedUntilMs: null,
    createdAtMs: now,
    updatedAtMs: now,
    revision: 1,
    ...change
  }
}
