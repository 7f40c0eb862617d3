import { expect, test } from 'vitest'
import { createSlots } from './slots'

test('no more slots are given out than exist', async () => {
  const slots = createSlots(2)
  const first = await slots.take(0)
  await slots.take(0)
  expect(await slots.take(10)).toBeNull()
  first?.()
  expect(await slots.take(10)).toBeTypeOf('function')
})

test('a released slot goes to the longest waiting caller', async () => {
  const slots = createSlots(1)
  const release = await slots.take(0)
  const order: string[] = []
  const later = ['first', 'second'].map(async (name) => {
    const give = await slots.take(5000)
    order.push(name)
    give?.()
  })
  release?.()
  await Promise.all(later)
  expect(order).toEqual(['first', 'second'])
})

test('releasing a slot twice frees only one', async () => {
  const slots = createSlots(1)
  const release = await slots.take(0)
  release?.()
  release?.()
  await slots.take(0)
  expect(await slots.take(10)).toBeNull()
})

test('a caller that stopped waiting is not given a slot', async () => {
  const slots = createSlots(1)
  const release = await slots.take(0)
  expect(await slots.take(5)).toBeNull()
  release?.()
  expect(await slots.take(0)).toBeTypeOf('function')
})
