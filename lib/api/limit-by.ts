import { LIMIT_SUBJECTS } from '../../lambdas/contract/limit-spec.ts';
import { SpillwayError } from '../spillway-error.ts';

const MEMBER = /^[A-Za-z_][\w.-]{0,63}$/;
const CLAIM = 'claim:';
const BODY = 'body:';
/** What only a token tells: there is none on a public route, and so no key either. */
const OF_TOKEN: readonly string[] = ['user', 'tenant', 'api-key'] satisfies (typeof LIMIT_SUBJECTS)[number][];

/** Whom, or what, a limit counts. A limit of a route counts that route's requests alone, but for `GLOBAL`. */
export class LimitBy {
  /** The token's subject. */
  static readonly USER = new LimitBy('user');
  /** The token's tenant. */
  static readonly TENANT = new LimitBy('tenant');
  /** The caller's address; of IPv6 the first 64 bits, which is what one household gets. */
  static readonly IP = new LimitBy('ip');
  /** The API key that the token selects: the tier's, or the tenant's own where the tier has `keys: 'tenant'`. */
  static readonly API_KEY = new LimitBy('api-key');
  /** All requests of the route together. */
  static readonly ROUTE = new LimitBy('route');
  /** All requests of all routes that have a `GLOBAL` limit of the same name, in whatever service. */
  static readonly GLOBAL = new LimitBy('global');

  /**
   * A claim of the token, such as `org`, by its text.
   * @throws SpillwayError for a name that is no letters, digits and `_ . -`, 64 at most
   */
  static claim(name: string): LimitBy {
    return new LimitBy(CLAIM + validMember('claim', name));
  }

  /**
   * A member of the JSON body, such as the address in a login, by its text; the route's `body` must require it.
   * @throws SpillwayError for a name that is no letters, digits and `_ . -`, 64 at most
   */
  static bodyField(name: string): LimitBy {
    return new LimitBy(BODY + validMember('bodyField', name));
  }

  /** As it travels to the handler: `user`, `claim:org`, `body:email`. */
  readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }

  /** Name of the claim; `undefined` where it counts something else. */
  get claimName(): string | undefined {
    return this.value.startsWith(CLAIM) ? this.value.slice(CLAIM.length) : undefined;
  }

  /** Name of the member of the body; `undefined` where it counts something else. */
  get bodyFieldName(): string | undefined {
    return this.value.startsWith(BODY) ? this.value.slice(BODY.length) : undefined;
  }

  /** Whether only a token tells it, so that a public route cannot count by it. */
  get needsToken(): boolean {
    return this.claimName !== undefined || OF_TOKEN.includes(this.value);
  }

  /** Whether it counts all callers together. */
  get isOfAll(): boolean {
    return this === LimitBy.ROUTE || this === LimitBy.GLOBAL;
  }

  /** What a limit is called that has no name: `user`, `org-id` for the claim `orgId`. */
  get defaultName(): string {
    return (this.claimName ?? this.bodyFieldName ?? this.value)
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-/, '')
      .toLowerCase();
  }

  /** How errors name it: `LimitBy.USER`, `LimitBy.claim('org')`. */
  toString(): string {
    if (this.claimName !== undefined) return `LimitBy.claim('${this.claimName}')`;
    if (this.bodyFieldName !== undefined) return `LimitBy.bodyField('${this.bodyFieldName}')`;
    return `LimitBy.${this.value.toUpperCase().replace('-', '_')}`;
  }
}

/**
 * What a limit counts, as a list.
 * @throws SpillwayError for nothing, for what is no LimitBy, for one twice, and for what cannot be combined
 */
export function validateLimitBy(by: LimitBy | readonly LimitBy[]): readonly LimitBy[] {
  const list = (Array.isArray(by) ? by : [by]) as readonly LimitBy[];
  if (list.length === 0) fail('by must name at least one LimitBy, got none');
  const [stranger] = list.filter((entry) => !(entry instanceof LimitBy)).map(describe);
  if (stranger !== undefined) {
    fail(`by must be one of ${KNOWN}, LimitBy.claim(…) or LimitBy.bodyField(…), got ${stranger}`);
  }
  const values = list.map(({ value }) => value);
  const twice = list.find(({ value }, index) => values.indexOf(value) !== index);
  if (twice) fail(`by must name different things, got ${twice} twice`);
  const alone = list.find(({ isOfAll }) => isOfAll);
  if (alone && list.length > 1) {
    fail(`${alone} counts all callers together, so it stands alone, got it beside others; remove it, or the others`);
  }
  return list;
}

const KNOWN = LIMIT_SUBJECTS.map((value) => `LimitBy.${value.toUpperCase().replace('-', '_')}`).join(', ');

function validMember(factory: string, name: string): string {
  if (MEMBER.test(name)) return name;
  throw new SpillwayError(
    'invalid-limit',
    `LimitBy.${factory}: name must be letters, digits, '_', '.' and '-', 64 at most, beginning with a letter or '_', got '${name}'`,
  );
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function fail(reason: string): never {
  throw new SpillwayError('invalid-limit', `rate limit: ${reason}`);
}
