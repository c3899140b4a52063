import { expect, test } from 'vitest'
import { findLifecycleStage, lifecycleStages, parseLifecycleStage } from '../../src/kernel/lifecycle.ts'

test('every stage is accepted in any case', () => {
  for (const stage of lifecycleStages) expect(parseLifecycleStage(` ${stage.toUpperCase()} `)).toBe(stage)
})

test.each([
  ['PQL', 'qualified'],
  ['sales-accepted lead', 'qualified'],
  ['salesqualifiedlead', 'qualified'],
  ['Promoter', 'advocate'],
  ['Kunde', 'customer'],
  ['Oportunidad', 'opportunity'],
  ['Ex-customer', 'churned'],
  ['Interessent', 'lead'],
  ['Product Qualified Lead (PQL)', 'qualified'],
  ['Contact (customer)', 'customer'],
  ['Prospects', 'lead'],
  ['Other', null],
  ['Other (unknown)', null],
  ['active', null],
  ['lost', null],
  ['', null],
])('%j is the stage %j', (name, stage) => {
  expect(findLifecycleStage(name)).toBe(stage)
  if (stage === null) expect(() => parseLifecycleStage(name)).toThrow('There is no such lifecycle stage.')
})
