/** The element beside the page, for what stays open across navigations. */
export const besideId = 'beside'
