import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomPassword } from '../../../../../local/twin/aws/secrets-manager/random-password.ts';

describe('randomPassword', () => {
  it('has 32 characters, one of each kind, unless told otherwise', () => {
    fc.assert(
      fc.property(fc.constant(undefined), () => {
        const password = randomPassword();
        expect(password).toHaveLength(32);
        for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d ]/]) expect(password).toMatch(kind);
        expect(password).not.toContain(' ');
      }),
    );
  });

  it('leaves out what is excluded', () => {
    const options = {
      ExcludePunctuation: true,
      ExcludeUppercase: true,
      ExcludeCharacters: 'abc012',
      PasswordLength: 200,
    };
    expect(randomPassword(options)).toMatch(/^[d-z3-9]{200}$/);
  });

  it('is as long as the kinds that it must have, and fails one shorter', () => {
    expect(randomPassword({ PasswordLength: 4 })).toHaveLength(4);
    expect(() => randomPassword({ PasswordLength: 3 })).toThrow(
      'A password of 3 characters cannot be made of what is left.',
    );
  });
});
