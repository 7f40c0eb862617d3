import { expect, test } from 'vitest'
import { createMemory } from './memory'

test('a pending focus is returned once', () => {
  const memory = createMemory()
  expect([memory.takeCodeField(), memory.takeFirstField(), memory.takeSentHere()]).toEqual([
    false,
    false,
    false,
  ])
  memory.sending()
  memory.wentBack('+65-****4567')
  expect([memory.takeCodeField(), memory.takeFirstField(), memory.takeSentHere()]).toEqual([true, true, true])
  expect([memory.takeCodeField(), memory.takeFirstField(), memory.takeSentHere()]).toEqual([
    false,
    false,
    false,
  ])
})

test('a failed send does not count as a send', () => {
  const memory = createMemory()
  memory.sending()
  memory.notSent()
  expect([memory.takeCodeField(), memory.takeSentHere()]).toEqual([false, false])
})

test('choosing a country overrides the number before it', () => {
  const memory = createMemory()
  memory.choseCountry('SG')
  memory.wentBack('+86-****0001')
  expect(memory.lastNumber()).toEqual({ country: 'SG', numberBefore: '+86-****0001' })
  memory.choseCountry('CN')
  expect(memory.lastNumber()).toEqual({ country: 'CN', numberBefore: null })
})

test('showing the same step again is not a change', () => {
  const memory = createMemory()
  expect([memory.showed('number'), memory.showed('number'), memory.showed('code')]).toEqual([
    false,
    false,
    true,
  ])
})
