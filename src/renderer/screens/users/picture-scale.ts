/** Pixels a module of the picture as it comes; the screen shows it at this size or at a smaller whole number. */
export const pictureScale = 8
