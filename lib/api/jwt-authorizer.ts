import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import type { IssuerSpecInput } from '../../lambdas/contract/issuer-spec.ts';
import type { ScopeRoutes } from '../../lambdas/contract/scope-routes.ts';
import type { TierKeys } from '../../lambdas/contract/tier-spec.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { validateDuration } from '../validate.ts';
import { OWN_ALGORITHM, type OwnIssuerProps, type TokenIssuer } from './token-issuer.ts';
import { validateTokenLifetimes } from './token-lifetimes.ts';

/** What can be set of a function whose handler the construct itself chooses. */
export type FunctionOptions = Omit<ServiceFunctionProps, 'handler' | 'description'>;

export interface JwtAuthorizerProps extends FunctionOptions {
  /** Whose tokens are accepted: our own, any number of outside ones, or both. */
  readonly issuers: readonly TokenIssuer[];
  /**
   * For how long API Gateway may reuse the policy made for a token: at most an hour, and at most the life of an access
   * token. `Duration.seconds(0)` checks every request afresh.
   * @default - 5 minutes, or the life of an access token where that is shorter
   */
  readonly cacheFor?: Duration;
}

/** What an authorizer has to know of the API it guards. */
export interface GuardedApi {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly stageName: string;
  readonly scopeRoutes: () => ScopeRoutes;
  readonly tierKeys: () => TierKeys;
  /** Names of the claims that limits count by, which the authorizer hands on to the services. */
  readonly claims: () => readonly string[];
}

const CACHE_FOR_DEFAULT = Duration.minutes(5);
/** API Gateway's own bound. */
const CACHE_FOR_MAX = Duration.hours(1);

/**
 * A REQUEST authorizer that verifies bearer tokens. Its policy covers every route that the token's scopes open, so that
 * API Gateway may cache it by the token alone (docs/adr/0005-authorizer-policy-covers-all-routes.md).
 */
export class JwtAuthorizer extends Construct {
  readonly function: ServiceFunction;
  /** The API Gateway authorizer that methods name. */
  readonly requestAuthorizer: RequestAuthorizer;
  readonly cacheFor: Duration;
  /** What our own tokens are like; `undefined` where only outside issuers are accepted. */
  readonly ownIssuer: OwnIssuerProps | undefined;
  private readonly issuers: readonly TokenIssuer[];
  private api: GuardedApi | undefined;

  constructor(scope: Construct, id: string, props: JwtAuthorizerProps) {
    super(scope, id);
    const { issuers, cacheFor, ...functionOptions } = props;
    this.issuers = issuers;
    this.ownIssuer = this.validateIssuers();
    this.cacheFor = this.chooseCacheFor(cacheFor);

    this.function = new ServiceFunction(this, 'Verify', {
      handler: 'authorizer',
      description: 'Verifies bearer tokens, and says which routes and which usage plan are theirs',
      ...functionOptions,
    });
    this.addLazyEnvironment(Env.STAGE, (api) => api.stageName);
    this.addLazyEnvironment(Env.ISSUERS, (api) => this.toJson(this.issuerSpecs(api.url)));
    this.addLazyEnvironment(Env.SCOPE_ROUTES, (api) => this.toJson(api.scopeRoutes()));
    this.addLazyEnvironment(Env.TIER_KEYS, (api) => this.toJson(api.tierKeys()));
    this.addLazyEnvironment(Env.CLAIMS, (api) => this.toJson(api.claims()));
    if (this.ownIssuer) {
      this.function.useTable(this.ownIssuer.verificationKeys, {
        environment: Env.VERIFICATION_KEYS_TABLE,
        actions: ['dynamodb:Scan'],
      });
    }

    this.requestAuthorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: this.function.alias,
      // Also the key of the cache; and a request without the header is answered 401 without any invocation.
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: this.cacheFor,
    });
  }

  /** Called by the API that this authorizer guards. @throws SpillwayError for a second API */
  guard(api: GuardedApi): void {
    if (this.api) {
      throw new SpillwayError(
        'authorizer-in-use',
        'an authorizer guards one API, as its policy names the routes of one; make a second authorizer',
        this,
      );
    }
    this.api = api;
  }

  private validateIssuers(): OwnIssuerProps | undefined {
    if (this.issuers.length === 0) {
      throw new SpillwayError('invalid-issuer', 'authorizer: issuers must name at least one, got none', this);
    }
    const own = this.issuers.filter((issuer) => issuer.ownProps !== undefined);
    if (own.length > 1) {
      throw new SpillwayError('invalid-issuer', `authorizer: issuers may hold one of our own, got ${own.length}`, this);
    }
    const names = this.issuers.flatMap((issuer) => issuer.outsideProps?.issuer ?? []);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new SpillwayError('invalid-issuer', `authorizer: issuers must differ, got '${twice}' twice`, this);
    }
    const ownProps = own[0]?.ownProps;
    validateTokenLifetimes(ownProps, this);
    return ownProps;
  }

  private chooseCacheFor(cacheFor: Duration | undefined): Duration {
    const max = shorter(CACHE_FOR_MAX, this.ownIssuer?.accessTokenLifetime);
    validateDuration('authorizer: cacheFor', cacheFor, {
      min: Duration.seconds(0),
      max,
      whole: 'seconds',
      hint: 'a cached policy must not outlive the token it was made for',
      scope: this,
    });
    return cacheFor ?? shorter(CACHE_FOR_DEFAULT, max);
  }

  private issuerSpecs(apiUrl: string): IssuerSpecInput[] {
    return this.issuers.flatMap(({ ownProps, outsideProps }): IssuerSpecInput[] => {
      if (ownProps) {
        const { audience, tenantClaim } = ownProps;
        return [
          { issuer: apiUrl, audience, algorithms: [OWN_ALGORITHM], ...(tenantClaim !== undefined && { tenantClaim }) },
        ];
      }
      if (!outsideProps) return [];
      const { issuer, audience, jwksUri, algorithms, tierClaim, scopeClaim, tenantClaim } = outsideProps;
      return [
        {
          issuer,
          audience,
          jwksUri,
          algorithms: [...algorithms],
          ...(tierClaim !== undefined && { tierClaim }),
          ...(scopeClaim !== undefined && { scopeClaim }),
          ...(tenantClaim !== undefined && { tenantClaim }),
        },
      ];
    });
  }

  /** Routes are added after the authorizer was made, so what it knows of them is read when the template is written. */
  private addLazyEnvironment(name: string, describe: (api: GuardedApi) => string): void {
    const produce = () => {
      if (this.api) return describe(this.api);
      throw new SpillwayError('authorizer-unused', 'the authorizer guards no API; pass it to one as `auth`', this);
    };
    this.function.addEnvironment(name, Lazy.string({ produce }));
  }

  private toJson(value: object): string {
    return Stack.of(this).toJsonString(value);
  }
}

function shorter(a: Duration, b: Duration | undefined): Duration {
  return b !== undefined && !b.isUnresolved() && b.toMilliseconds() < a.toMilliseconds() ? b : a;
}
