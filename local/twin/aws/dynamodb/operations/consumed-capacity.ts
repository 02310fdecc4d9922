import type { CapacityMode } from '../input/capacity-mode.ts';
import type { SecondaryIndex } from '../storage/secondary-index.ts';
import type { Table } from '../storage/table.ts';

/** Units that an operation took of a table and of its indexes. */
export interface Consumed {
  readonly table: Table;
  units: number;
  readonly indexUnits: Map<SecondaryIndex, number>;
}

/** Capacity of a table, to which that of its indexes is added. */
export function consumed(table: Table, units = 0): Consumed {
  return { table, units, indexUnits: new Map() };
}

export function addIndexUnits(to: Consumed, index: SecondaryIndex, units: number): void {
  to.indexUnits.set(index, (to.indexUnits.get(index) ?? 0) + units);
}

/** `ConsumedCapacity` of an answer. @param kind of a transaction, which tells reads from writes. */
export function consumedCapacity(
  { table, units, indexUnits }: Consumed,
  mode: CapacityMode,
  kind?: 'Read' | 'Write',
): Record<string, unknown> | undefined {
  if (mode === 'NONE') return undefined;
  const capacity = (amount: number) => ({
    CapacityUnits: amount,
    ...(kind && { [`${kind}CapacityUnits`]: amount }),
  });
  let total = units;
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [index, amount] of indexUnits) {
    total += amount;
    const group = index.isGlobal ? 'GlobalSecondaryIndexes' : 'LocalSecondaryIndexes';
    groups[group] = { ...groups[group], [index.name]: capacity(amount) };
  }
  return {
    TableName: table.name,
    ...capacity(total),
    ...(mode === 'INDEXES' && { Table: capacity(units), ...groups }),
  };
}
