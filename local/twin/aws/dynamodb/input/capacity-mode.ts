import type { Input } from '../../aws-call.ts';
import { oneOf } from './read-input.ts';

/** `ReturnConsumedCapacity`: whether an answer says what was consumed, and of what. */
export type CapacityMode = 'NONE' | 'TOTAL' | 'INDEXES';

export const isCapacityMode = oneOf('NONE', 'TOTAL', 'INDEXES');

/** The mode that input asks for, which has been checked. */
export function capacityModeOf({ ReturnConsumedCapacity = 'NONE' }: Input): CapacityMode {
  return ReturnConsumedCapacity as CapacityMode;
}
