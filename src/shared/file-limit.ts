/** Of a file that is handed over: holds a million users as they are exported, each with some 200 bytes. */
export const maxFileMib = 256
export const maxFileBytes = maxFileMib * 2 ** 20
