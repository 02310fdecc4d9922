import { describe, expect, it } from 'vitest';
import { normalizeEmail } from '../../../lambdas/contract/normalize-email.ts';

describe('normalizeEmail', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  Ann@Example.COM\t', 'ann@example.com'],
    ['Jose\u0301@example.com', 'jos\u00e9@example.com'],
  ])('makes %j into %j', (email, normalized) => {
    expect(normalizeEmail(email)).toBe(normalized);
  });
});
