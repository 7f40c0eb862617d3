/** Wrong codes that one send takes: fewer guesses than six digits could bear, whatever Alibaba Cloud allows. */
export const wrongAttemptsMax = 10
