/** Wrong codes allowed per send: few enough guesses for six digits, whatever Alibaba Cloud allows. */
export const wrongAttemptsMax = 10
