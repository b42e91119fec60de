/** Modules of blank border that ISO/IEC 18004 asks for around a QR code. */
export const quietZoneModules = 4

/** Print: below this a code is refused, millimetres a module. */
export const refusedModuleMm = 0.25
/** Print: below this a warning is given, millimetres a module. */
export const advisedModuleMm = 0.4
/** Screen and mail: least whole pixels a module. */
export const leastModulePx = 4
/** Most whole pixels a module that a picture is drawn with. */
export const mostModulePx = 20

/** Longest text of a QR code, in bytes of UTF-8; the portal refuses more. */
export const qrTextBytes = 768

/** Larger picture files are not read, bytes. */
export const largestPictureBytes = 20 * 1024 * 1024
