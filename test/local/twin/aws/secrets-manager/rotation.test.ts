import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { Rotation } from '../../../../../local/twin/aws/secrets-manager/rotation.ts';
import { SecretsStore } from '../../../../../local/twin/aws/secrets-manager/secrets-store.ts';
import type { InvokeOutcome } from '../../../../../local/twin/functions/invoke.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { resource } from '../../../../support/running-aws.ts';

const DAY_MS = 86_400_000;
const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:key-a1b2c3';
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:rotate';

describe('rotation', () => {
  let clock: ManualClock;
  let calls: unknown[];
  let outcome: InvokeOutcome;
  let timer: { readonly atMs: number; readonly run: () => void } | undefined;
  let log: string[];

  beforeEach(() => {
    clock = new ManualClock();
    calls = [];
    log = [];
    timer = undefined;
    outcome = { ok: true, payload: null };
  });

  const open = (database?: DatabaseSync) => {
    const store = new SecretsStore(() => clock.now(), database);
    const rotation = new Rotation({
      store,
      invoke: async (name, event, principal) => {
        const { Step, ClientRequestToken } = event as Record<string, string>;
        calls.push([name, Step, principal]);
        const secret = store.secret(arn);
        if (Step === 'createSecret')
          store.put(secret, `value ${calls.length}`, ClientRequestToken ?? '', ['AWSPENDING']);
        if (Step === 'finishSecret' && outcome.ok) store.moveStage(secret, 'AWSCURRENT', ClientRequestToken);
        return outcome;
      },
      nowMs: () => clock.now(),
      log: (line) => log.push(line),
      setTimer: (delayMs, run) => {
        timer = { atMs: clock.now() + delayMs, run };
        return () => {
          timer = undefined;
        };
      },
    });
    return { store, rotation };
  };
  const schedule = (rules: object, more: object = {}) =>
    resource('AWS::SecretsManager::RotationSchedule', arn, {
      SecretId: arn,
      RotationLambdaARN: functionArn,
      RotationRules: rules,
      ...more,
    });

  it('calls the function in four steps, in the name of Secrets Manager', async () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    expect(rotation.attach(schedule({ AutomaticallyAfterDays: 30 }))).toBe(secret);
    expect(await rotation.rotate(secret)).toBe(true);
    const principal = { kind: 'service', service: 'secretsmanager.amazonaws.com', sourceArn: arn };
    expect(calls).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => [functionArn, step, principal]),
    );
    expect(store.read(secret, {}).version.value).toBe('value 1');
    expect(store.read(secret, { versionStage: 'AWSPREVIOUS' }).version.value).toBe('first');
    expect(log).toEqual(["secret 'key' was rotated"]);
  });

  it('rotates again when it is due, and plans the next', async () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    rotation.attach(schedule({ AutomaticallyAfterDays: 2 }));
    expect(timer?.atMs).toBe(clock.now() + 2 * DAY_MS);
    clock.advance(2 * DAY_MS - 1);
    timer?.run();
    expect(calls).toEqual([]);
    clock.advance(1);
    timer?.run();
    await expect.poll(() => log).toEqual(["secret 'key' was rotated"]);
    await expect.poll(() => timer?.atMs).toBe(clock.now() + 2 * DAY_MS);
    expect(secret.rotation?.nextMs).toBe(clock.now() + 2 * DAY_MS);
  });

  it('rotates at once when the schedule is new or another one, and not when it is the same', () => {
    const { store, rotation } = open();
    store.create({ name: 'key', arn }, 'first');
    const attach = (days: number, more?: object) =>
      rotation.attach(schedule({ AutomaticallyAfterDays: days }, more)) !== undefined;
    expect([attach(1), attach(1), attach(2), attach(3, { RotateImmediatelyOnUpdate: false })]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('rotates at once where an earlier run left a rotation unfinished', () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    rotation.attach(schedule({ AutomaticallyAfterDays: 1 }));
    store.startRotation(secret);
    expect(rotation.attach(schedule({ AutomaticallyAfterDays: 1 }))).toBe(secret);
  });

  it('goes on with the schedule of the database, and rotates what was due meanwhile', async () => {
    const database = new DatabaseSync(':memory:');
    const first = open(database);
    first.store.create({ name: 'key', arn }, 'first');
    first.rotation.attach(schedule({ AutomaticallyAfterDays: 1 }));
    first.store.flush();
    clock.advance(3 * DAY_MS);
    const second = open(database);
    expect(second.rotation.attach(schedule({ AutomaticallyAfterDays: 1 }))).toBeUndefined();
    expect(timer?.atMs).toBe(clock.now() - 2 * DAY_MS);
    timer?.run();
    await expect.poll(() => log).toEqual(["secret 'key' was rotated"]);
  });

  it('stops at the step that fails, says so, and takes the same version up again', async () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    rotation.configure(secret, functionArn, {});
    outcome = { ok: false, kind: 'failed', errorType: 'Error', errorMessage: 'no' };
    expect(await rotation.rotate(secret)).toBe(false);
    expect(log).toEqual(["the rotation of secret 'key' failed in its step createSecret: Error: no"]);
    const pending = store.unfinishedRotation(secret);
    outcome = { ok: true, payload: null };
    if (pending) delete pending.value;
    expect(await rotation.rotate(secret)).toBe(true);
    expect(store.read(secret, {}).versionId).toBe(pending?.id);
  });

  it('rotates no more once cancelled', () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    rotation.configure(secret, functionArn, { AutomaticallyAfterDays: 1 });
    rotation.cancel(secret);
    expect(timer).toBeUndefined();
  });

  it('fails without a function', async () => {
    const { store, rotation } = open();
    const secret = store.create({ name: 'key', arn }, 'first');
    await expect(rotation.rotate(secret)).rejects.toThrow('No Lambda rotation function ARN is associated with key.');
  });
});
