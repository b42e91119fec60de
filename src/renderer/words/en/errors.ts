import type { ErrorCode } from '../../../shared/errors.ts'

export const errors = {
  errors: {
    'invalid-input': 'That cannot be taken as it is.',
    'unknown-call':
      'This window asked for something that its console does not know. Reload it; one is older than the other.',
    forbidden: 'This needs the rights of an administrator.',
    cancelled: 'Stopped.',
    partial: 'Done in part.',
    'nothing-done': 'Nothing was done.',
    'user-not-found': 'There is no such user, or no longer.',
    'user-exists': 'There is already a user with this name.',
    'user-disabled': 'The user is disabled. Enable the user first.',
    'group-not-found': 'There is no such group, or no longer.',
    'group-exists': 'There is already a group with this name.',
    'group-not-empty': 'The group cannot be removed yet.',
    'code-not-found': 'The console no longer remembers this code. Issue a new one to see it.',
    'import-rejected': 'The file holds lines that cannot go in, so nothing was written.',
    'import-unreadable': 'This file cannot be read as a list of users.',
    'setting-unknown': 'There is no such setting.',
    'setting-invalid': 'This value cannot be set.',
    'changed-meanwhile': 'Somebody else has changed this meanwhile. Look at it again before you change it.',
    'data-folder-unusable': 'The data folder cannot be used.',
    'schema-newer': 'The data folder was written by a newer version of this program. Update the program.',
    'log-broken': 'The log was changed by something else than this program.',
    'undo-gone': 'This can no longer be undone.',
    'key-missing': 'The key of the data folder is missing.',
    'key-locked': 'No key slot of the data folder can be opened.',
    'key-mismatch': 'The key of the data folder is damaged or was changed.',
    'key-slot-not-found': 'There is no such key slot.',
    'key-slot-last': 'The last key slot cannot be removed: without it nothing opens the data.',
    'key-slot-exists': 'There is such a key slot already.',
    'file-unreadable': 'The file cannot be read.',
    'file-unwritable': 'The file cannot be written.',
    'picture-unreadable': 'This is no picture that can be read.',
    'qr-not-found': 'There is no QR code in this picture.',
    'qr-too-small': 'The QR code is too small to be scanned safely.',
    'qr-unreadable': 'The QR code could not be read back.',
    'text-too-long': 'The text is too long for a QR code.',
    'stock-unknown': 'There is no such label stock.',
    'stock-invalid': 'Labels cannot lie on the page like this.',
    'letter-too-long': 'The letter is too long.',
    'sheet-not-found': 'There is no such sheet.',
    'sheet-too-long': 'That is too much for one sheet.',
    'port-taken': 'Another program is using the port.',
    'address-unusable': 'The address cannot be used on this machine.',
    'tls-unavailable': 'The connection cannot be secured.',
    'disk-full': 'The disk is full. Make room, then try again.',
    'database-damaged': 'The database is damaged. Restore it from a backup.',
    'database-busy': 'Another program is writing to the data folder. Try again in a moment.',
    internal: 'Something went wrong inside the program; its log has the details.'
  } satisfies Record<ErrorCode, string>,
  problem: {
    connectionLost: 'The console does not answer. If it was stopped, start it again; then try once more.',
    unexpected: 'Something unexpected happened in this window.',
    boundaryTitle: 'This screen has failed',
    boundary: 'What was written is kept. Try the screen again; if it fails once more, reload the console.'
  },
  session: {
    ended: 'This session has ended; open the address printed by the console again.'
  }
}
