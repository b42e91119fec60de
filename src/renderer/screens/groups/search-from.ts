/** Groups beyond this many are found by typing. */
export const searchGroupsFrom = 8
