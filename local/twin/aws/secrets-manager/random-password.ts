import { randomInt } from 'node:crypto';
import { AwsError } from '../aws-error.ts';

/** `GenerateSecretString` of a template, and the parameters of GetRandomPassword. Defaults are AWS's. */
export interface PasswordOptions {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly IncludeSpace?: boolean;
  readonly RequireEachIncludedType?: boolean;
}

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const UPPERCASE = LOWERCASE.toUpperCase();
const NUMBERS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * A password by Secrets Manager's rules: 32 characters, one of each included kind, unless the options say otherwise.
 *
 * @throws AwsError where the options leave no character, or fewer places than kinds.
 */
export function randomPassword(options: PasswordOptions = {}): string {
  const { PasswordLength: length = 32, ExcludeCharacters: excluded = '', RequireEachIncludedType = true } = options;
  const kinds = [
    options.ExcludeLowercase ? '' : LOWERCASE,
    options.ExcludeUppercase ? '' : UPPERCASE,
    options.ExcludeNumbers ? '' : NUMBERS,
    options.ExcludePunctuation ? '' : PUNCTUATION,
    options.IncludeSpace ? ' ' : '',
  ]
    .map((kind) => [...kind].filter((character) => !excluded.includes(character)).join(''))
    .filter((kind) => kind !== '');
  const required = RequireEachIncludedType ? kinds : [];
  if (kinds.length === 0 || required.length > length) {
    throw new AwsError(
      'InvalidParameterException',
      `A password of ${length} characters cannot be made of what is left.`,
    );
  }
  const pool = kinds.join('');
  const characters = Array.from({ length }, (_, index) => pickOne(required[index] ?? pool));
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}

function pickOne(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}
