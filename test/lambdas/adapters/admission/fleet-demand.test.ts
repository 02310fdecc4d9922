import { describe, expect, it } from 'vitest';
import { FleetDemand } from '../../../../lambdas/adapters/admission/fleet-demand.ts';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { limitCheck, slowBucket } from '../../../support/admission-requests.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

describe('FleetDemand', () => {
  it('tells every few seconds what was asked for under limits of the whole fleet, refused or not', () => {
    const clock = new ManualClock();
    const sent: string[] = [];
    const commands = {
      incrby: async (key: string, units: number) => void sent.push(`${key} +${units}`),
      pexpire: async (key: string) => void sent.push(`${key} ends`),
    } as unknown as ValkeyCommands;
    const demand = new FleetDemand({ send: (command) => void command(commands) }, clock);
    const global = limitCheck(slowBucket(1), { policy: 'global:all', fleetWide: true, cost: 3 });
    demand.count(1, [global, limitCheck(slowBucket(1))]);
    clock.advance(4_999);
    demand.count(1, [global]);
    expect(sent).toEqual([]);
    clock.advance(1);
    demand.count(1, [global]);
    expect(sent).toEqual(['{1}d:global:all +9', '{1}d:global:all ends']);
    clock.advance(5_000);
    demand.count(1, []);
    expect(sent).toHaveLength(2);
  });
});
