import { Duration, Lazy } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib/aws-apigateway';
import { CORS_ALLOWED_HEADERS, CORS_ALLOWED_ORIGIN, CORS_EXPOSED_HEADERS } from '../../lambdas/contract/cors.ts';

/** What browsers may keep: Chromium caps it at 2 hours. */
const MAX_AGE = Duration.hours(2);

/**
 * Answers `OPTIONS` on a resource from within API Gateway, without any function.
 * @param methods read when the template is written, as routes may still be added to the resource
 */
export function addPreflight(resource: IResource, methods: () => readonly string[]): void {
  resource.addCorsPreflight({
    allowOrigins: [CORS_ALLOWED_ORIGIN],
    allowMethods: [Lazy.string({ produce: () => [...methods(), 'OPTIONS'].join(',') })],
    allowHeaders: CORS_ALLOWED_HEADERS,
    exposeHeaders: CORS_EXPOSED_HEADERS,
    maxAge: MAX_AGE,
  });
}
