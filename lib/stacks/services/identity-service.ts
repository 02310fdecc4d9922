import { Duration, Size } from 'aws-cdk-lib';
import { Env } from '../../../lambdas/contract/environment.ts';
import {
  JsonWebKeySet,
  LoginRequest,
  OpenIdConfiguration,
  RefreshRequest,
  SignupRequest,
  SignupResponse,
  TokenResponse,
} from '../../../lambdas/contract/identity.ts';
import { LimitBy } from '../../api/limit-by.ts';
import { RateLimit } from '../../api/rate-limit.ts';
import { RequestCost } from '../../api/request-cost.ts';
import { Route } from '../../api/route.ts';
import type { ServiceContext } from './service-context.ts';

/** Reserved by every attempt; a login that succeeds says that it has cost nothing. */
const FAILURE = RequestCost.reported({ reserve: 1 });

/** Sign-up, login and refresh, and what verifiers need to know of our tokens. */
export function addIdentityService(context: ServiceContext): void {
  const { api } = context;
  const { signingKey, tables } = context.data;
  const identity = api.addService('Identity', {
    handler: 'identity',
    description: 'Signs people up and in, and publishes the keys that verify its tokens',
    // One whole core: a password hash takes 128 MB and half a second of it, and time is what is paid for.
    memory: Size.mebibytes(1_769),
    ...context.functionOptions('identity'),
    routes: [
      Route.post('/signup', {
        scope: Route.PUBLIC,
        summary: 'Sign up',
        ...context.throttled('POST /signup'),
        limits: [
          RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 5, burst: 20 }),
          RateLimit.slidingWindow({
            name: 'account',
            by: LimitBy.bodyField('email'),
            max: 10,
            window: Duration.hours(1),
          }),
        ],
        body: SignupRequest,
        responses: { 201: SignupResponse },
      }),
      Route.post('/login', {
        scope: Route.PUBLIC,
        summary: 'Log in',
        ...context.throttled('POST /login'),
        // Logins that succeed cost nothing but the bucket. Failures count for any address, whether it has an account or not, so
        // that a locked account looks like an unknown one. Nobody locks out a person who logs in from elsewhere with ten
        // guesses; with a hundred from everywhere they do, for at most an hour.
        limits: [
          RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 10, burst: 40 }),
          RateLimit.slidingLog({
            name: 'failures',
            by: [LimitBy.IP, LimitBy.bodyField('email')],
            max: 10,
            window: Duration.minutes(15),
            cost: FAILURE,
          }),
          RateLimit.slidingWindow({
            name: 'account-failures',
            by: LimitBy.bodyField('email'),
            max: 100,
            window: Duration.hours(1),
            cost: FAILURE,
          }),
        ],
        body: LoginRequest,
        responses: { 200: TokenResponse },
      }),
      Route.post('/token/refresh', {
        scope: Route.PUBLIC,
        summary: 'Exchange a refresh token for new tokens',
        ...context.throttled('POST /token/refresh'),
        limits: [RateLimit.tokenBucket({ by: LimitBy.IP, ratePerSecond: 10, burst: 40 })],
        body: RefreshRequest,
        responses: { 200: TokenResponse },
      }),
      Route.get('/.well-known/jwks.json', {
        scope: Route.PUBLIC,
        summary: 'Read the keys that verify tokens',
        ...context.throttled('GET /.well-known/jwks.json'),
        responses: { 200: JsonWebKeySet },
      }),
      Route.get('/.well-known/openid-configuration', {
        scope: Route.PUBLIC,
        summary: 'Discover the issuer',
        ...context.throttled('GET /.well-known/openid-configuration'),
        responses: { 200: OpenIdConfiguration },
      }),
    ],
  });
  api.issueTokens(identity);
  identity.useTable(tables.accounts, {
    environment: Env.ACCOUNTS_TABLE,
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  });
  identity.useTable(tables.sessions, {
    environment: Env.SESSIONS_TABLE,
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  });
  identity.useTable(tables.verificationKeys, {
    environment: Env.VERIFICATION_KEYS_TABLE,
    actions: ['dynamodb:Scan'],
  });
  identity.useTable(tables.tenants, { environment: Env.TENANTS_TABLE, actions: ['dynamodb:GetItem'] });
  identity.useSecret(signingKey, {
    environment: Env.SIGNING_KEY_SECRET,
    actions: ['secretsmanager:GetSecretValue'],
  });
}
