import { Duration, Stack } from 'aws-cdk-lib';
import {
  AwsIntegration,
  type Integration,
  type MethodOptions,
  type MethodResponse,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CORS_ALLOWED_ORIGIN, CORS_EXPOSED_HEADERS } from '../../lambdas/contract/cors.ts';
import { PROBLEM_CONTENT_TYPE, problemType } from '../../lambdas/contract/problem.ts';
import { SpillwayError } from '../spillway-error.ts';
import { QUEUED_BODY_MAX_BYTES, queueTemplate } from './queue-template.ts';
import type { QueuedWork } from './queued-work.ts';

/** Header of the answer with the id of the work. */
export const WORK_ID_HEADER = 'Work-Id';

/** SQS answers within some 10 ms; whoever waits longer than this had better come back. */
const TIMEOUT = Duration.seconds(5);
/** When a queue that did not take a message may take it: SQS throttles by the second. */
const RETRY_AFTER_SECONDS = 5;

interface Answer {
  readonly status: number;
  /** What of the statuses of SQS it is for; absent: whatever no other answer is for. */
  readonly pattern?: string;
  readonly contentType: string;
  /** Header → mapping expression. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly template: string;
}

const UNAVAILABLE = problem(503, 'queue-unavailable', 'Service Unavailable', 'the work could not be queued; try again');
const TOO_LARGE = problem(
  413,
  'request-too-large',
  'Content Too Large',
  `the body must have at most ${QUEUED_BODY_MAX_BYTES} bytes`,
);
const FORBIDDEN_CHARACTERS = problem(
  400,
  'invalid-request',
  'Bad Request',
  'the body must not hold the characters U+FFFE and U+FFFF; escape them',
);

const ANSWERS: readonly Answer[] = [
  {
    status: 202,
    pattern: '2\\d{2}',
    contentType: 'application/json',
    headers: { [WORK_ID_HEADER]: 'context.extendedRequestId' },
    template: JSON.stringify({ id: '$context.extendedRequestId', status: 'queued' }),
  },
  {
    // What is wrong with the message, and also a queue that is gone: the code tells.
    status: 413,
    pattern: '400',
    contentType: PROBLEM_CONTENT_TYPE,
    template: [
      "#set($code=$input.path('$.Error.Code'))",
      `#if($code=='MissingParameter'||$code=='InvalidParameterValue')${TOO_LARGE}`,
      `#elseif($code=='InvalidMessageContents')#set($context.responseOverride.status=400)${FORBIDDEN_CHARACTERS}`,
      `#else#set($context.responseOverride.status=503)`,
      `#set($context.responseOverride.header.Retry-After='${RETRY_AFTER_SECONDS}')${UNAVAILABLE}#end`,
    ].join(''),
  },
  {
    status: 503,
    contentType: PROBLEM_CONTENT_TYPE,
    headers: { 'Retry-After': `'${RETRY_AFTER_SECONDS}'` },
    template: UNAVAILABLE,
  },
];

/** What API Gateway needs in order to put requests into queues by itself: one role for each queue. */
export class QueueIntegrations extends Construct {
  private readonly roles = new Map<string, { readonly queue: IQueue; readonly role: Role }>();

  /** The integration of a route, and what its method has to declare for it. */
  integrationOf(work: QueuedWork): { readonly integration: Integration; readonly method: Partial<MethodOptions> } {
    const { queue } = work.target;
    const integration = new AwsIntegration({
      service: 'sqs',
      integrationHttpMethod: 'POST',
      path: `${Stack.of(this).account}/${queue.queueName}`,
      options: {
        credentialsRole: this.roleFor(work),
        timeout: TIMEOUT,
        // A body of another type would not have been checked.
        passthroughBehavior: PassthroughBehavior.NEVER,
        requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
        requestTemplates: { 'application/json': queueTemplate({ group: work.group, fifo: queue.fifo }) },
        integrationResponses: ANSWERS.map(({ status, pattern, template, ...answer }) => ({
          statusCode: String(status),
          ...(pattern !== undefined && { selectionPattern: pattern }),
          responseParameters: named(headersOf(answer)),
          responseTemplates: { 'application/json': template },
        })),
      },
    });
    return { integration, method: { methodResponses: ANSWERS.map(methodResponse) } };
  }

  private roleFor({ target: { name, queue } }: QueuedWork): Role {
    const present = this.roles.get(name);
    if (present?.queue === queue) return present.role;
    if (present !== undefined) {
      throw new SpillwayError(
        'duplicate-queue',
        `queues must have different names, got '${name}' for ${present.queue.node.path} and ${queue.node.path}`,
        this,
      );
    }
    const role = new Role(this, name, {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: `Lets API Gateway put work into the queue '${name}'`,
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    // SQS asks the key in the name of whoever sends.
    queue.encryptionMasterKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.roles.set(name, { queue, role });
    return role;
  }
}

/** `$context.requestId` is the caller's where they send one. */
function problem(status: number, code: string, title: string, detail: string): string {
  const instance = `$util.escapeJavaScript($context.requestId).replaceAll("\\\\'","'")`;
  return JSON.stringify({ type: problemType(code), title, status, detail, instance: 0 }).replace(
    '0}',
    `"${instance}"}`,
  );
}

function headersOf({ contentType, headers }: Pick<Answer, 'contentType' | 'headers'>): Record<string, string> {
  return {
    'Content-Type': `'${contentType}'`,
    'Cache-Control': "'no-store'",
    'Access-Control-Allow-Origin': `'${CORS_ALLOWED_ORIGIN}'`,
    'Access-Control-Expose-Headers': `'${[...CORS_EXPOSED_HEADERS, WORK_ID_HEADER].join(',')}'`,
    ...headers,
  };
}

function methodResponse(answer: Answer): MethodResponse {
  const names = Object.keys(headersOf(answer));
  return {
    statusCode: String(answer.status),
    responseParameters: named(Object.fromEntries(names.map((name) => [name, true]))),
  };
}

function named<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]));
}
