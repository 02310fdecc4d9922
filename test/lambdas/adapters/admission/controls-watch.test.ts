import { describe, expect, it } from 'vitest';
import { ControlsWatch } from '../../../../lambdas/adapters/admission/controls-watch.ts';
import type { ValkeyCommands } from '../../../../lambdas/adapters/valkey/open-connection.ts';
import { StoreError } from '../../../../lambdas/adapters/valkey/valkey-store.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const detail = (version: number) =>
  JSON.stringify({ version, levers: {}, overload: 0, causes: [], shares: {}, changes: [] });

function createFixture(first: string | null | Error = detail(7)) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const fixture = { clock, asked, reply: first };
  const get = async (key: string) => {
    asked.push(key);
    if (fixture.reply instanceof Error) throw fixture.reply;
    return fixture.reply;
  };
  const run = <T>(command: (commands: ValkeyCommands) => Promise<T>) => command({ get } as unknown as ValkeyCommands);
  return Object.assign(fixture, { watch: new ControlsWatch({ run }, clock) });
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('ControlsWatch', () => {
  it('reads what a new version says once, in the background', async () => {
    const { watch, asked } = createFixture();
    watch.note(2, 7);
    watch.note(2, 7);
    expect(watch.current).toBeUndefined();
    await turn();
    watch.note(2, 7);
    expect(watch.current?.version).toBe(7);
    expect(asked).toEqual(['{2}controls:detail']);
  });

  it('asks nothing where no controller has said anything', () => {
    const { watch, asked } = createFixture();
    watch.note(0, 0);
    expect(asked).toEqual([]);
  });

  it('lets go of everything when the word of the controller has run out', async () => {
    const { watch } = createFixture();
    watch.note(0, 7);
    await turn();
    watch.note(0, 0);
    expect(watch.current).toBeUndefined();
  });

  it('looks again every five seconds where replies tell no version', async () => {
    const fixture = createFixture();
    const { watch, asked, clock } = fixture;
    watch.note(0, undefined);
    await turn();
    clock.advance(4_999);
    watch.note(0, undefined);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    fixture.reply = null;
    watch.note(0, undefined);
    await turn();
    expect(asked).toHaveLength(2);
    expect(watch.current).toBeUndefined();
  });

  it('keeps what it knows while the store is gone or says what it cannot read, and does not ask for every request', async () => {
    const fixture = createFixture();
    const { watch, asked, clock } = fixture;
    watch.note(0, 7);
    await turn();
    for (const reply of [new StoreError('gone'), '{"version":']) {
      fixture.reply = reply;
      clock.advance(5_000);
      for (let i = 0; i < 5; i++) {
        watch.note(0, 8);
        await turn();
      }
    }
    expect(watch.current?.version).toBe(7);
    expect(asked).toHaveLength(3);
  });
});
