import { describe, expect, it } from 'vitest';
import { fateOf, fateOfAll } from '../../../local/soak/fate.ts';

describe('fateOf', () => {
  it.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [400, 'refused'],
    [429, 'refused'],
    [500, 'unknown'],
    [504, 'unknown'],
    [0, 'unknown'],
  ] as const)('takes %i for %s', (status, fate) => expect(fateOf(status)).toBe(fate));
});

describe('fateOfAll', () => {
  it.each([
    [['unknown', 'refused', 'accepted'], 'accepted'],
    [['refused', 'unknown', 'refused'], 'unknown'],
    [['refused', 'refused'], 'refused'],
  ] as const)('takes %j for %s', (fates, fate) => expect(fateOfAll(fates)).toBe(fate));
});
