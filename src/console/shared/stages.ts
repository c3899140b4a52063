import type { LifecycleStage } from '../generated/operations.ts'

export const stages: readonly LifecycleStage[] = ['SUBSCRIBER', 'LEAD', 'QUALIFIED', 'OPPORTUNITY', 'CUSTOMER', 'ADVOCATE', 'CHURNED']
