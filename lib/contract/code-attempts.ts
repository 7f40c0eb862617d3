/** Wrong codes allowed per send: few enough guesses for six digits, whatever Alibaba Cloud allows. */
export const wrongAttemptsMax = 10

/** A warning is shown once this many codes were sent in a day; Alibaba Cloud's limit is 100. */
export const warnAtCodes = 80
