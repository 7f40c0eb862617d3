export {
  beingDeleted,
  countMembers,
  filterChoices,
  findMember,
  type MirrorMember,
  nextWithoutPhone,
  readingState,
  searchMembers,
} from './members'
export { addMissingNameKeys } from './missing-keys'
export { forgetPhones, lookUpMember, type PhoneAnswer, readMember, storePhone } from './phones'
export {
  abandonReading,
  claimReading,
  forgetInterruptedReadings,
  readDirectory,
  type SyncClaim,
  type SyncEnd,
} from './refresh'
