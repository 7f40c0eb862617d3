export {
  beingDeleted,
  countMembers,
  filterChoices,
  findMember,
  type MirrorMember,
  nextWithoutPhone,
  searchMembers,
  syncState,
} from './members'
export { addMissingNameKeys } from './missing-keys'
export { fetchMember, forgetPhones, type PhoneAnswer, readMember, storePhone } from './phones'
export {
  abandonSync,
  claimSync,
  forgetInterruptedSyncs,
  readDirectory,
  type SyncClaim,
  type SyncEnd,
} from './refresh'
