export {
  countPhones,
  filterChoices,
  findMember,
  type MirrorMember,
  nextWithoutPhone,
  readingState,
  readMember,
  searchMembers,
  storePhone,
} from './members'
export { abandonReading, claimReading, type MirrorOwner, readDirectory } from './refresh'
