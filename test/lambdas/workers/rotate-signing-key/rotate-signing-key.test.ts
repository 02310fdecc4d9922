import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createRotatingSecret } from '../../../../lambdas/adapters/secrets.ts';
import type { VerificationKeysPublisher } from '../../../../lambdas/adapters/verification-keys-publisher.ts';
import { SigningKey } from '../../../../lambdas/contract/signing-key.ts';
import { rotateSigningKey } from '../../../../lambdas/workers/rotate-signing-key/rotate-signing-key.ts';
import { ROTATION_STEPS } from '../../../../lambdas/workers/rotate-signing-key/rotation-event.ts';
import { FakeSecretsManager } from '../../../support/fake-secrets-manager.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { MemoryVerificationKeys } from '../../../support/memory-tables.ts';

const ACCESS_TOKEN_SECONDS = 900;
/** The signing key may be cached for 300 s, and clocks may differ by 5 s. */
const LIFE_AFTER_ROTATION_SECONDS = 300 + ACCESS_TOKEN_SECONDS + 5;

function setUp() {
  const manager = new FakeSecretsManager('generated, no key');
  const keys = new MemoryVerificationKeys();
  const clock = new ManualClock();
  const dependencies = {
    secret: createRotatingSecret(manager.client, 'arn'),
    keys: keys as VerificationKeysPublisher,
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    clock,
  };
  const rotate = async (token: string) => {
    manager.beginRotation(token);
    for (const step of ROTATION_STEPS) await rotateSigningKey(dependencies, step, token);
  };
  const currentKid = () => kidOf(manager.currentValue);
  return { manager, keys, clock, dependencies, rotate, currentKid };
}

function kidOf(value: string | undefined): string | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), SigningKey), value);
  return parsed.success ? parsed.output.kid : undefined;
}

describe('rotateSigningKey', () => {
  it('replaces the generated string by a first key, which is published without an end', async () => {
    const { rotate, keys, currentKid } = setUp();
    await rotate('v1');
    expect(currentKid()).toBeDefined();
    expect(await keys.load()).toEqual([{ kid: currentKid(), jwk: expect.objectContaining({ kid: currentKid() }) }]);
  });

  it('keeps the old key verifiable for as long as tokens signed with it may live', async () => {
    const { rotate, keys, clock, currentKid } = setUp();
    await rotate('v1');
    const old = currentKid() ?? '';
    clock.advance(86_400_000);
    await rotate('v2');
    expect(currentKid()).not.toBe(old);
    expect(keys.items.get(old)?.expiresAtSeconds).toBe(clock.now() / 1_000 + LIFE_AFTER_ROTATION_SECONDS);
    expect(keys.items.get(currentKid() ?? '')?.expiresAtSeconds).toBeUndefined();
  });

  it('publishes the public key before the private one is current', async () => {
    const { manager, keys, dependencies, currentKid } = setUp();
    manager.beginRotation('v1');
    await rotateSigningKey(dependencies, 'createSecret', 'v1');
    expect(keys.items.size).toBe(0);
    await rotateSigningKey(dependencies, 'setSecret', 'v1');
    expect(keys.items.size).toBe(1);
    expect(currentKid()).toBeUndefined();
  });

  it('does nothing new when any step is repeated, at once or after the end', async () => {
    const { manager, keys, clock, rotate, dependencies } = setUp();
    await rotate('v1');
    manager.beginRotation('v2');
    const operations: string[] = [];
    manager.onCall = (operation, phase) => phase === 'before' && operations.push(operation);
    for (const step of ROTATION_STEPS) {
      for (let time = 0; time < 3; time += 1) await rotateSigningKey(dependencies, step, 'v2');
    }
    const before = { stages: manager.stages(), values: [...manager.values], keys: await keys.load() };
    clock.advance(60_000);
    for (const step of ROTATION_STEPS) await rotateSigningKey(dependencies, step, 'v2');
    expect({ stages: manager.stages(), values: [...manager.values], keys: await keys.load() }).toEqual(before);
    expect(keys.items.size).toBe(2);
    const writes = operations.filter((operation) => /^(Put|Update)/.test(operation));
    expect(writes).toEqual(['PutSecretValueCommand', 'UpdateSecretVersionStageCommand']);
  });

  it('gives an end to keys that rotations published which were never finished', async () => {
    const { manager, keys, rotate, dependencies, currentKid } = setUp();
    manager.beginRotation('abandoned');
    for (const step of ROTATION_STEPS.slice(0, 2)) await rotateSigningKey(dependencies, step, 'abandoned');
    await rotate('v2');
    const endless = (await keys.load()).filter(({ expiresAtSeconds }) => expiresAtSeconds === undefined);
    expect(endless.map(({ kid }) => kid)).toEqual([currentKid()]);
  });

  it.each([
    ['setSecret', 'version v1 holds no signing key; createSecret comes first'],
    ['testSecret', 'version v1 holds no signing key; createSecret comes first'],
    ['finishSecret', 'version v1 holds no signing key; createSecret comes first'],
  ] as const)('fails at %s before createSecret', async (step, message) => {
    const { manager, dependencies } = setUp();
    manager.beginRotation('v1');
    await expect(rotateSigningKey(dependencies, step, 'v1')).rejects.toThrow(message);
  });

  it.each(['testSecret', 'finishSecret'] as const)('fails at %s before setSecret, and stays as it is', async (step) => {
    const { manager, dependencies } = setUp();
    manager.beginRotation('v1');
    await rotateSigningKey(dependencies, 'createSecret', 'v1');
    await expect(rotateSigningKey(dependencies, step, 'v1')).rejects.toThrow('is not published; setSecret comes first');
    expect(manager.currentValue).toBe('generated, no key');
  });

  it('fails when the published key is not the one of the pending version', async () => {
    const { manager, keys, dependencies, rotate } = setUp();
    await rotate('v0');
    manager.beginRotation('v1');
    for (const step of ROTATION_STEPS.slice(0, 2)) await rotateSigningKey(dependencies, step, 'v1');
    const [first, second] = await keys.load();
    if (first && second) keys.items.set(second.kid, { kid: second.kid, jwk: first.jwk });
    await expect(rotateSigningKey(dependencies, 'testSecret', 'v1')).rejects.toThrow('signature verification failed');
  });

  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)(
    'fails at %s for a version that a later rotation has overtaken',
    async (step) => {
      const { manager, dependencies, rotate } = setUp();
      manager.beginRotation('late');
      await rotateSigningKey(dependencies, 'createSecret', 'late');
      await rotateSigningKey(dependencies, 'setSecret', 'late');
      await rotate('v2');
      const { currentValue } = manager;
      await expect(rotateSigningKey(dependencies, step, 'late')).rejects.toThrow(
        `${step}: version late is not labelled AWSPENDING; start a new rotation`,
      );
      expect(manager.currentValue).toBe(currentValue);
    },
  );

  it('survives a crash before or after any call: retried, it ends, and tokens verify at every moment', async () => {
    const crashes = fc.array(fc.record({ afterCalls: fc.nat(12), phase: fc.constantFrom('before', 'after') }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(crashes, fc.boolean(), fc.nat(1_000), async (plan, fromTheStart, stepSeconds) => {
        const world = setUp();
        const { manager, keys, clock, dependencies, currentKid } = world;
        await world.rotate('v1');
        /** When each key was current last. */
        const currentAt = new Map<string, number>();
        const pending = [...plan];
        let calls = 0;
        const onCall = (_operation: string, phase: 'before' | 'after') => {
          const kid = currentKid() ?? 'none';
          currentAt.set(kid, clock.now() / 1_000);
          expect(keys.items.get(kid)).toEqual({ kid, jwk: expect.anything() });
          clock.advance(phase === 'after' ? stepSeconds : 0);
          if (phase === 'before') calls += 1;
          if (pending[0] && calls >= pending[0].afterCalls && phase === pending[0].phase) {
            pending.shift();
            calls = 0;
            throw new Error('crash');
          }
        };
        manager.onCall = onCall;
        dependencies.keys = observed(keys, onCall);
        for (const token of ['v2', 'v3']) {
          manager.beginRotation(token);
          for (let index = 0; index < ROTATION_STEPS.length; ) {
            const step = ROTATION_STEPS[index] ?? 'createSecret';
            const done = await rotateSigningKey(dependencies, step, token).then(
              () => true,
              (error: unknown) => {
                expect(error).toMatchObject({ message: 'crash' });
                return false;
              },
            );
            // Secrets Manager may repeat the step, or begin the same rotation again.
            index = done ? index + 1 : fromTheStart ? 0 : index;
          }
        }
        const current = currentKid() ?? 'none';
        expect(manager.stages().v3).toContain('AWSCURRENT');
        expect([...keys.items.keys()].sort()).toEqual([...currentAt.keys(), current].filter(unique).sort());
        for (const [kid, { expiresAtSeconds }] of keys.items) {
          if (kid === current) expect(expiresAtSeconds).toBeUndefined();
          else expect(expiresAtSeconds).toBeGreaterThanOrEqual((currentAt.get(kid) ?? 0) + LIFE_AFTER_ROTATION_SECONDS);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function unique(item: string, index: number, all: string[]): boolean {
  return all.indexOf(item) === index;
}

/** The same keys, with `onCall` around each call. */
function observed(keys: VerificationKeysPublisher, onCall: FakeSecretsManager['onCall']): VerificationKeysPublisher {
  const around =
    <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      onCall(name, 'before');
      const result = await call(...args);
      onCall(name, 'after');
      return result;
    };
  return {
    load: around('load', () => keys.load()),
    publish: around('publish', (key) => keys.publish(key)),
    expire: around('expire', (kid, at) => keys.expire(kid, at)),
  };
}
