export {
  beingDeleted,
  countMembers,
  filterChoices,
  findMember,
  forgetPhones,
  lookUpMember,
  type MirrorMember,
  nextWithoutPhone,
  type PhoneAnswer,
  readingState,
  readMember,
  searchMembers,
  storePhone,
} from './members'
export { addMissingNameKeys } from './missing-keys'
export {
  abandonReading,
  claimReading,
  forgetInterruptedReadings,
  readDirectory,
  type SyncClaim,
  type SyncEnd,
} from './refresh'
