import { describe, expect, it } from 'vitest';
import { traceHeader } from '../../../../local/twin/functions/trace-id.ts';

const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';

describe('traceHeader', () => {
  it('makes one up that carries the time, where the caller has none', () => {
    expect(traceHeader(undefined, 0x5759e988 * 1_000)).toMatch(
      /^Root=1-5759e988-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/,
    );
    expect(traceHeader('Self=1', 0)).toMatch(/^Root=1-0-/);
  });

  it('goes on with the trace of the caller', () => {
    const given = `${root};Parent=53995c3f42cd8ad8;Sampled=0;Lineage=1:0`;
    expect(traceHeader(given, 0)).toBe(given);
  });

  it('adds what the caller leaves out', () => {
    expect(traceHeader(root, 0)).toMatch(new RegExp(`^${root};Parent=[0-9a-f]{16};Sampled=1$`));
    expect(traceHeader(`${root};Sampled=0`, 0)).toMatch(new RegExp(`^${root};Sampled=0;Parent=[0-9a-f]{16}$`));
  });
});
