export {
  countPhones,
  filterChoices,
  findMember,
  forgetPhones,
  lookUpMember,
  type MirrorMember,
  nextWithoutPhone,
  readingState,
  readMember,
  searchMembers,
  storePhone,
} from './members'
export { abandonReading, claimReading, forgetInterruptedReadings, readDirectory } from './refresh'
