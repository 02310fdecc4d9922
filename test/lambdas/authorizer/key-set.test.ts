import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeySet, KeysUnavailable } from '../../../lambdas/authorizer/key-set.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { TestIssuer } from '../../support/test-issuer.ts';

const FRESH_MS = 300_000;
const COOLDOWN_MS = 30_000;

const clock = new ManualClock();
let source: TestIssuer;
let second: TestIssuer;
let keys: KeySet;

beforeAll(async () => {
  second = await TestIssuer.create(() => clock.now(), {}, { kid: 'key-2' });
});
beforeEach(async () => {
  source = await TestIssuer.create(() => clock.now());
  keys = new KeySet({ source, clock });
});

const find = (kid = 'key-1') => keys.find(kid, 'ES256');

describe('KeySet', () => {
  it('reads the keys when first needed, and imports each once', async () => {
    expect(source.loads).toBe(0);
    const key = await find();
    expect(key?.type).toBe('public');
    expect(await find()).toBe(key);
    expect(source.loads).toBe(1);
  });

  it('serves from memory while fresh, and reads again at the end of it', async () => {
    const key = await find();
    clock.advance(FRESH_MS - 1);
    await find();
    expect(source.loads).toBe(1);
    clock.advance(1);
    expect(await find()).toBe(key);
    expect(source.loads).toBe(2);
  });

  it('forgets a key that was taken back', async () => {
    await find();
    source.keys = [];
    clock.advance(FRESH_MS);
    expect(await find()).toBeUndefined();
  });

  it('reads again for an unknown key, at most once per cooldown', async () => {
    await find();
    expect(await find('key-2')).toBeUndefined();
    expect(source.loads).toBe(2);
    source.keys.push({ kid: 'key-2', jwk: second.publicJwk });
    clock.advance(COOLDOWN_MS - 1);
    expect(await find('key-2')).toBeUndefined();
    expect(source.loads).toBe(2);
    clock.advance(1);
    expect((await find('key-2'))?.type).toBe('public');
    expect(source.loads).toBe(3);
  });

  it('finds a key that was published right after the last regular read', async () => {
    await find();
    source.keys.push({ kid: 'key-2', jwk: second.publicJwk });
    expect((await find('key-2'))?.type).toBe('public');
  });

  it('reads once, not twice, when the first key asked for is unknown', async () => {
    expect(await find('key-2')).toBeUndefined();
    expect(source.loads).toBe(1);
  });

  it('reads once for all who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => find()));
    expect(source.loads).toBe(1);
    await Promise.all(Array.from({ length: 20 }, (_, index) => find(`unknown-${index}`)));
    expect(source.loads).toBe(2);
  });

  it('keeps serving what it has while the source is down, and asks it once per cooldown', async () => {
    const key = await find();
    source.down = true;
    clock.advance(FRESH_MS);
    for (let i = 0; i < 5; i++) expect(await find()).toBe(key);
    expect(await find('key-2')).toBeUndefined();
    expect(source.loads).toBe(2);
    clock.advance(COOLDOWN_MS);
    expect(await find()).toBe(key);
    expect(source.loads).toBe(3);
    source.down = false;
    clock.advance(COOLDOWN_MS);
    await find();
    clock.advance(FRESH_MS - 1);
    await find();
    expect(source.loads).toBe(4);
  });

  it('fails while no keys were ever read, and tries again a second later', async () => {
    source.down = true;
    await expect(find()).rejects.toBeInstanceOf(KeysUnavailable);
    source.down = false;
    clock.advance(999);
    await expect(find()).rejects.toThrow(new KeysUnavailable(new Error('the source is down')));
    expect(source.loads).toBe(1);
    clock.advance(1);
    expect((await find())?.type).toBe('public');
  });

  it('takes a key until its end, and not a moment longer', async () => {
    source.keys = [{ kid: 'key-1', jwk: source.publicJwk, expiresAtSeconds: clock.now() / 1_000 + 10 }];
    clock.advance(9_999);
    expect((await find())?.type).toBe('public');
    clock.advance(1);
    expect(await find()).toBeUndefined();
  });

  it.each([
    ['made for another algorithm', { alg: 'ES384' }],
    ['made for encryption', { use: 'enc' }],
    ['a secret', { kty: 'oct', k: 'c2VjcmV0', alg: 'ES256' }],
    ['on another curve', { crv: 'P-384', alg: undefined }],
    ['broken', { x: 'AA' }],
  ])('does not take a key that is %s', async (_, changes) => {
    source.keys = [{ kid: 'key-1', jwk: { ...source.publicJwk, ...changes } }];
    expect(await find()).toBeUndefined();
  });
});
