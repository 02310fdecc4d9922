import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { constrain, optionalInteger, optionalText } from '../member-constraints.ts';
import type { Secret } from './secret.ts';

interface Filter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

const KEYS = ['description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'];

/** A page of the secrets that `Filters` let through: every filter, by one of its values; `!` in front of a value negates it. */
export function matchingSecrets(
  secrets: readonly Secret[],
  input: Input,
  pageMax: number,
): { readonly page: readonly Secret[]; readonly nextToken: string | undefined } {
  const filters = (input.Filters ?? []) as readonly Filter[];
  for (const [index, { Key }] of filters.entries()) {
    constrain(`filters.${index + 1}.member.key`, Key, { oneOf: KEYS });
  }
  const max = optionalInteger(input, 'MaxResults', { min: 1, max: pageMax }) ?? pageMax;
  const isPlanned = input.IncludePlannedDeletion === true;
  const found = secrets.filter(
    (secret) => (isPlanned || !secret.deletion) && filters.every((filter) => matches(secret, filter)),
  );
  if (input.SortOrder === 'desc') found.reverse();
  const token = optionalText(input, 'NextToken');
  const start = token === undefined ? 0 : found.findIndex(({ arn }) => arn === token);
  if (start < 0) throw new AwsError('InvalidNextTokenException', `NextToken '${token}' is none of this list.`);
  const page = found.slice(start, start + max);
  return { page, nextToken: found[start + max]?.arn };
}

function matches(secret: Secret, { Key = 'all', Values = [] }: Filter): boolean {
  const texts = textsOf(secret, Key);
  return Values.some((value) => {
    const isNegated = value.startsWith('!');
    const wanted = isNegated ? value.slice(1) : value;
    const isThere = texts.some((text) => {
      // Descriptions and `all` ignore case; names and tags do not.
      const isLoose = Key === 'description' || Key === 'all';
      return isLoose ? text.toLowerCase().includes(wanted.toLowerCase()) : text.startsWith(wanted);
    });
    return isThere !== isNegated;
  });
}

function textsOf({ name, description = '', tags }: Secret, key: string): readonly string[] {
  switch (key) {
    case 'name':
      return [name];
    case 'description':
      return [description];
    case 'tag-key':
      return Object.keys(tags);
    case 'tag-value':
      return Object.values(tags);
    case 'all':
      return [name, description, ...Object.keys(tags), ...Object.values(tags)];
    default:
      return [];
  }
}
