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
export { abandonReading, claimReading, readDirectory } from './refresh'
