import { describe, expect, it } from 'vitest';
import { createPasswordHasher, OWASP_SCRYPT } from '../../../lambdas/adapters/password-hash.ts';

const cheap = createPasswordHasher({ log2N: 4, r: 8, p: 1 });

describe('password hasher', () => {
  it('verifies the password that was hashed, and no other', async () => {
    const encoded = await cheap.hash('correct horse');
    expect(await cheap.verify('correct horse', encoded)).toBe(true);
    expect(await cheap.verify('correct horsf', encoded)).toBe(false);
    expect(await cheap.verify('', encoded)).toBe(false);
  });

  it('works with the parameters of OWASP, and writes them down', async () => {
    const hasher = createPasswordHasher();
    const encoded = await hasher.hash('correct horse');
    expect(OWASP_SCRYPT).toEqual({ log2N: 17, r: 8, p: 1 });
    expect(encoded).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hasher.verify('correct horse', encoded)).toBe(true);
  });

  it('verifies hashes that were made at another cost', async () => {
    const dearer = createPasswordHasher({ log2N: 6, r: 4, p: 2 });
    expect(await dearer.verify('correct horse', await cheap.hash('correct horse'))).toBe(true);
    expect(await cheap.verify('correct horse', await dearer.hash('correct horse'))).toBe(true);
  });

  it('salts: one password has a different hash each time', async () => {
    expect(await cheap.hash('correct horse')).not.toBe(await cheap.hash('correct horse'));
  });

  it('knows a password in either Unicode form', async () => {
    expect(await cheap.verify('cafe\u0301 au lait', await cheap.hash('caf\u00e9 au lait'))).toBe(true);
  });

  it('has a dummy hash of the same cost that no password matches', async () => {
    expect(cheap.dummyHash.replace(/\$[^$]+\$[^$]+$/, '')).toBe((await cheap.hash('x')).replace(/\$[^$]+\$[^$]+$/, ''));
    expect(await cheap.verify('', cheap.dummyHash)).toBe(false);
  });

  it.each(['', 'plain', '$scrypt$ln=4,r=8$c2FsdA$aGFzaA', '$2b$10$abcdefghijklmnopqrstuv'])(
    'verifies nothing against %j, which is no encoding of ours',
    async (encoded) => {
      expect(await cheap.verify('correct horse', encoded)).toBe(false);
    },
  );
});
