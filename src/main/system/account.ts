import { userInfo } from 'node:os'

/** The operating system's name for whoever runs this. Containers often run under a number that no account has. */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
