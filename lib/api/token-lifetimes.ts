import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { validateDuration } from '../validate.ts';

/** How long our own tokens are good for. */
export interface TokenLifetimes {
  /** Life of an access token, in whole seconds: 1 minute to 1 day. */
  readonly accessTokenLifetime: Duration;
  /** For how long a login may be continued, in whole seconds: from the life of an access token to 365 days. */
  readonly refreshTokenLifetime: Duration;
}

/** @throws SpillwayError for a lifetime that makes no sense, alone or beside the other */
export function validateTokenLifetimes(tokens: TokenLifetimes | undefined, scope: IConstruct): void {
  if (tokens === undefined) return;
  const { accessTokenLifetime, refreshTokenLifetime } = tokens;
  validateDuration('own issuer: accessTokenLifetime', accessTokenLifetime, {
    min: Duration.minutes(1),
    max: Duration.days(1),
    whole: 'seconds',
    hint: 'a leaked token is of use for that long',
    scope,
  });
  validateDuration('own issuer: refreshTokenLifetime', refreshTokenLifetime, {
    min: accessTokenLifetime,
    max: Duration.days(365),
    whole: 'seconds',
    scope,
  });
}
