import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { SignupRequest } from '../../../lambdas/contract/identity.ts';

const isAddress = (email: string): boolean => v.is(SignupRequest, { email, password: 'correct horse battery' });
const addressPattern = (() => {
  const checks: readonly unknown[] = SignupRequest.pipe[0].entries.email.pipe;
  const found = checks.find((check) => v.isOfType('regex', check as v.RegexAction<string, undefined>));
  return (found as v.RegexAction<string, undefined>).requirement;
})();

describe('an e-mail address to sign up with', () => {
  it.each(['ada@example.com', "o'hara+x@mail.example.co.uk", 'jörg@müller.example', 'a@b.c'])('may be %j', (email) => {
    expect(isAddress(email)).toBe(true);
  });

  it.each([
    ['no @', 'ada.example.com'],
    ['no dot', 'ada@example'],
    ['two @', 'a@b@c.d'],
    ['an empty label', 'ada@example..com'],
    ['a dot at the end', 'ada@example.com.'],
    ['a space', 'a da@example.com'],
    ['a space of another script', 'ada\u3000@example.com'],
    ['a NUL byte', 'ada\u0000@example.com'],
    ['a line break', 'ada@example.com\r\nbcc:x@y.z'],
    ['a control character', 'ada@exa\u007fmple.com'],
    ['more than 254 characters', `${'a'.repeat(250)}@b.cc`],
  ])('has not %s', (_, email) => {
    expect(isAddress(email)).toBe(false);
  });

  // The gateway runs the pattern over bodies of up to 10 MB: a pattern that goes back and forth would stop the twin.
  it.each([
    ['dots', `a@${'.'.repeat(1_000_000)}@`],
    ['labels', `a@${'a.'.repeat(500_000)}@`],
    ['signs', '@'.repeat(1_000_000)],
    ['letters', 'a'.repeat(1_000_000)],
  ])('is refused in time that grows with its length alone: %s', { timeout: 2_000 }, (_, email) => {
    expect(addressPattern.test(email)).toBe(false);
  });
});
