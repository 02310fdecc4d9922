import { Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../../lambdas/contract/issuer-spec.ts';
import { SpillwayError } from '../spillway-error.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';

/** The issuer that the API itself is: its identity service signs tokens, its authorizer accepts them. */
export interface OwnIssuerProps extends TokenLifetimes {
  /** The `aud` of our tokens. */
  readonly audience: string;
  /** Table with the public keys; the authorizer may scan it. */
  readonly verificationKeys: ITable;
  /** Claim that names the tenant; a token without it is of none. @default 'tenant' */
  readonly tenantClaim?: string;
}

/** Somebody else whose tokens are accepted. */
export interface OutsideIssuerProps {
  /** The `iss` of the tokens, character for character. */
  readonly issuer: string;
  /** The `aud` that the tokens must carry. */
  readonly audience: string;
  /** Where the public keys are published: an https URL. */
  readonly jwksUri: string;
  /** Signature algorithms that are accepted, and no others. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Claim that names the tier; a token without it is of the tier `free`. @default 'tier' */
  readonly tierClaim?: string;
  /** Claim that lists the scopes. @default 'scope' */
  readonly scopeClaim?: string;
  /** Claim that names the tenant; a token without it is of none. @default 'tenant' */
  readonly tenantClaim?: string;
}

/** Our tokens are signed with ES256, which `lambdas/contract/signing-key.ts` fixes. */
export const OWN_ALGORITHM: SignatureAlgorithm = 'ES256';

/** Whose tokens are accepted. */
export class TokenIssuer {
  /**
   * The API's own identity service; its `iss` is the API's base URL.
   * @throws SpillwayError without an audience
   */
  static own(props: OwnIssuerProps): TokenIssuer {
    refuseEmpty('own issuer: audience', props.audience);
    if (props.tenantClaim !== undefined) refuseEmpty('own issuer: tenantClaim', props.tenantClaim);
    return new TokenIssuer(props, undefined);
  }

  /** @throws SpillwayError for a URL that is not https, or algorithms that are none or symmetric */
  static outside(props: OutsideIssuerProps): TokenIssuer {
    refuseEmpty('issuer: issuer', props.issuer);
    const subject = `issuer '${props.issuer}'`;
    refuseEmpty(`${subject}: audience`, props.audience);
    refuseInsecure(`${subject}: jwksUri`, props.jwksUri);
    refuseUnknownAlgorithms(subject, props.algorithms);
    if (props.tierClaim !== undefined) refuseEmpty(`${subject}: tierClaim`, props.tierClaim);
    if (props.scopeClaim !== undefined) refuseEmpty(`${subject}: scopeClaim`, props.scopeClaim);
    if (props.tenantClaim !== undefined) refuseEmpty(`${subject}: tenantClaim`, props.tenantClaim);
    return new TokenIssuer(undefined, props);
  }

  readonly ownProps: OwnIssuerProps | undefined;
  readonly outsideProps: OutsideIssuerProps | undefined;

  private constructor(own: OwnIssuerProps | undefined, outside: OutsideIssuerProps | undefined) {
    this.ownProps = own;
    this.outsideProps = outside;
  }
}

function refuseEmpty(subject: string, value: string): void {
  if (value === '') throw new SpillwayError('invalid-issuer', `${subject} must not be empty`);
}

function refuseInsecure(subject: string, url: string): void {
  if (Token.isUnresolved(url) || (URL.canParse(url) && new URL(url).protocol === 'https:')) return;
  throw new SpillwayError('invalid-issuer', `${subject} must be an https URL, got '${url}'`);
}

function refuseUnknownAlgorithms(subject: string, algorithms: readonly string[]): void {
  const known: readonly string[] = SIGNATURE_ALGORITHMS;
  const unknown = algorithms.find((algorithm) => !known.includes(algorithm));
  if (algorithms.length > 0 && unknown === undefined) return;
  throw new SpillwayError(
    'invalid-issuer',
    `${subject}: algorithms must be some of ${known.join(', ')}, got ${unknown === undefined ? 'none' : `'${unknown}'`}`,
  );
}
