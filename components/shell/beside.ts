/** The element beside the page, for what stays open while pages change. */
export const besideId = 'beside'
