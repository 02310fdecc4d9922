import { GatewayResponse, type IRestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { CORS_ALLOWED_ORIGIN, CORS_EXPOSED_HEADERS } from '../../lambdas/contract/cors.ts';
import { PROBLEM_CONTENT_TYPE, problemType } from '../../lambdas/contract/problem.ts';

/** One kind of answer that the gateway gives by itself, without asking a service. */
interface GatewayProblem {
  readonly type: ResponseType;
  readonly status: number;
  /** Last part of the problem's `type`; the services' own word where they refuse for the same reason. */
  readonly code: string;
  readonly title: string;
  /** A sentence, or a quoted `$context` variable. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const INVALID_TOKEN = { 'WWW-Authenticate': 'Bearer error="invalid_token"' };
const INSUFFICIENT_SCOPE = { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' };
/** A token bucket refills all the time, so a second is enough for one request, if not for all who were refused. */
const RETRY_IN_A_SECOND = { 'Retry-After': '1' };
/** When a quota starts afresh is not known to the gateway's templates; an hour keeps callers from asking in vain. */
const RETRY_IN_AN_HOUR = { 'Retry-After': '3600' };

/**
 * Every response type that AWS lists. Statuses are AWS's own, but for three: an unknown path is 404, not 403 for a
 * "missing authentication token"; and the two defaults, which have none, need one here since the body repeats it: 400,
 * and 503, as what is left of 5xx is a service that crashed, was throttled by Lambda or could not be reached.
 */
export const GATEWAY_PROBLEMS: readonly GatewayProblem[] = [
  {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'the token does not permit this request: its scopes do not cover it, or its tier is closed',
    headers: INSUFFICIENT_SCOPE,
  },
  {
    type: ResponseType.API_CONFIGURATION_ERROR,
    status: 500,
    code: 'internal-error',
    title: 'Internal Server Error',
    detail: 'the API is configured wrongly',
  },
  {
    type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    status: 500,
    code: 'authorizer-failed',
    title: 'Internal Server Error',
    detail: 'the token could not be checked',
  },
  {
    type: ResponseType.AUTHORIZER_FAILURE,
    status: 500,
    code: 'authorizer-failed',
    title: 'Internal Server Error',
    detail: 'the token could not be checked',
  },
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    code: 'invalid-request',
    title: 'Bad Request',
    detail: '$context.error.validationErrorString',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: 400,
    code: 'invalid-request',
    title: 'Bad Request',
    detail: '$context.error.validationErrorString',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: 400,
    code: 'bad-request',
    title: 'Bad Request',
    detail: 'the request could not be understood',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 503,
    code: 'unavailable',
    title: 'Service Unavailable',
    detail: 'the service did not answer; try again',
    headers: RETRY_IN_A_SECOND,
  },
  {
    type: ResponseType.EXPIRED_TOKEN,
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'the AWS credentials of the request have expired',
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 504,
    code: 'integration-failed',
    title: 'Gateway Timeout',
    detail: 'the service could not be reached',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    code: 'timed-out',
    title: 'Gateway Timeout',
    detail: 'the service did not answer in time',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'the tier of the token has no usage plan',
  },
  {
    type: ResponseType.INVALID_SIGNATURE,
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'the AWS signature of the request is wrong',
  },
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 404,
    code: 'no-such-route',
    title: 'Not Found',
    detail: 'there is no such path, or it does not know this method',
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    code: 'quota-exceeded',
    title: 'Too Many Requests',
    detail: 'the quota of the tier is used up',
    headers: RETRY_IN_AN_HOUR,
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    code: 'request-too-large',
    title: 'Content Too Large',
    detail: 'the request must have at most 10 MB',
  },
  {
    type: ResponseType.RESOURCE_NOT_FOUND,
    status: 404,
    code: 'no-such-route',
    title: 'Not Found',
    detail: 'there is no such path',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    code: 'throttled',
    title: 'Too Many Requests',
    detail: 'more requests arrive than the API, the route or the tier admits; try again',
    headers: RETRY_IN_A_SECOND,
  },
  {
    type: ResponseType.UNAUTHORIZED,
    status: 401,
    code: 'invalid-token',
    title: 'Unauthorized',
    detail: 'the request needs a valid bearer token',
    headers: INVALID_TOKEN,
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    code: 'unsupported-media-type',
    title: 'Unsupported Media Type',
    detail: 'the body must be application/json',
  },
  {
    type: ResponseType.WAF_FILTERED,
    status: 403,
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'the request was refused by the firewall',
  },
];

/** The gateway's own answers as RFC 9457 problems: what callers parse is the same whoever refuses them. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, props: { readonly restApi: IRestApi }) {
    super(scope, id);
    for (const problem of GATEWAY_PROBLEMS) {
      new GatewayResponse(this, problem.type.responseType, {
        restApi: props.restApi,
        type: problem.type,
        statusCode: String(problem.status),
        responseHeaders: quoteValues({
          // A template is chosen by `application/json`, the default; what it makes is a problem nevertheless.
          'Content-Type': PROBLEM_CONTENT_TYPE,
          'Cache-Control': 'no-store',
          'Access-Control-Allow-Origin': CORS_ALLOWED_ORIGIN,
          'Access-Control-Expose-Headers': CORS_EXPOSED_HEADERS.join(','),
          ...problem.headers,
        }),
        templates: { 'application/json': problemTemplate(problem) },
      });
    }
  }
}

/**
 * Gateway responses know no template language, only `$context` variables, which they put in as they are. So a variable
 * stands inside the quotes of a JSON string; the quotes within a validation error arrive escaped.
 */
function problemTemplate({ code, title, status, detail }: GatewayProblem): string {
  return JSON.stringify({ type: problemType(code), title, status, detail, instance: '$context.requestId' });
}

/** A static value stands in single quotes, as opposed to a mapping from the request. */
function quoteValues(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}
