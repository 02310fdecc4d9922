/** Shares are multiples of this: whole numbers add up exactly, and what is written down stays short. */
const UNITS = 10_000;
/** Of an equal part, every shard keeps so much, so that a caller who is alone in a shard is not shut out. */
const FLOOR_OF_EQUAL = 0.25;
/**
 * What all shards together may gain in one move. While some environments know the shares of before and some those of
 * after, each shard admits at most by the larger of both; so the fleet admits at most 1 + SHARE_MOVE_MAX times the limit.
 */
export const SHARE_MOVE_MAX = 0.1;
/** A smaller gain is not worth that everybody reads the shares again. */
const MOVE_MIN = 0.01;
const MINUTE_MS = 60_000;

/**
 * Time between two moves of one limit's shares. With at most one move in any window, what was admitted by the shares of
 * before and after in that window stays within (1 + SHARE_MOVE_MAX) × limit.
 */
export function shareHoldMs(windowSeconds: number): number {
  return Math.max(MINUTE_MS, windowSeconds * 1_000);
}

/** Equal parts of a limit. @throws RangeError for no shards, or more than there are units. */
export function equalShares(shards: number): readonly number[] {
  if (!Number.isInteger(shards) || shards < 1 || shards > UNITS) {
    throw new RangeError(`shards must be a whole number from 1 to ${UNITS}, got ${shards}`);
  }
  return fromUnits(equalUnits(shards));
}

/**
 * Moves shares towards the demand that each shard saw: they add up to 1, none is below a quarter of an equal part, and
 * all together gain at most SHARE_MOVE_MAX. Without any demand, or where little would move, they stay as they are.
 *
 * @param shares of each shard, from `equalShares` or an earlier move; of another length they begin anew as equal ones.
 * @param demand units of cost that each shard was asked for since the last move, admitted or not.
 * @param leastShare that still admits a request: no shard gets less, unless an equal part is less.
 */
export function moveShares(shares: readonly number[], demand: readonly number[], leastShare = 0): readonly number[] {
  const shards = demand.length;
  const before = shares.map((share) => Math.round(share * UNITS));
  const isWhole = before.length === shards && before.reduce((sum, units) => sum + units, 0) === UNITS;
  if (!isWhole) return equalShares(shards);
  const total = demand.reduce((sum, units) => sum + Math.max(0, units), 0);
  if (shards === 1 || !(total > 0)) return shares;
  const equal = UNITS / shards;
  // Up, since a share that is a little too small admits nothing; but not beyond what all can have.
  const floor = Math.min(
    Math.floor(equal),
    Math.max(Math.floor(equal * FLOOR_OF_EQUAL), Math.ceil(leastShare * UNITS)),
  );
  const spare = UNITS - floor * shards;
  const gaps = before.map((units, index) => floor + (spare * Math.max(0, demand[index] ?? 0)) / total - units);
  const gain = gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0);
  if (gain < MOVE_MIN * UNITS) return shares;
  const scale = Math.min(1, (SHARE_MOVE_MAX * UNITS) / gain);
  // Towards 0, so that no share goes beyond its goal, and with that neither below the floor nor above the bound.
  const steps = gaps.map((gap) => Math.trunc(gap * scale));
  const moves = balanced(steps);
  return fromUnits(before.map((units, index) => units + (moves[index] ?? 0)));
}

/** Takes single units from whichever side moves more, until what is gained is what is given up. */
function balanced(steps: readonly number[]): readonly number[] {
  const even = [...steps];
  let excess = even.reduce((sum, step) => sum + step, 0);
  while (excess !== 0) {
    const direction = Math.sign(excess);
    const largest = even.reduce(
      (best, step, index) => (step * direction > (even[best] ?? 0) * direction ? index : best),
      0,
    );
    even[largest] = (even[largest] ?? 0) - direction;
    excess -= direction;
  }
  return even;
}

function equalUnits(shards: number): number[] {
  const part = Math.floor(UNITS / shards);
  const rest = UNITS - part * shards;
  return Array.from({ length: shards }, (_, index) => part + (index < rest ? 1 : 0));
}

function fromUnits(units: readonly number[]): readonly number[] {
  return units.map((count) => count / UNITS);
}
