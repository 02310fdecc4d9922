import type { CfnElement } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../../bin/stages.ts';
import { ServiceFunction } from '../../../lib/compute/service-function.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { ServiceStack } from '../../../lib/stacks/service-stack.ts';
import { allowedActions } from '../../support/allowed-actions.ts';
import { flaggedApp } from '../../support/flagged-app.ts';

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const TRACES = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const CONNECT = { Cache18F6EE16: ['elasticache:Connect'], CacheUser72FA2B22: ['elasticache:Connect'] };
const API_GATEWAY = 'arn:AWS::Partition:apigateway:AWS::Region::';
const READ_SECRET = ['secretsmanager:GetSecretValue'];

const PUT_INTO_OUTBOX = { TablesOutboxD51CD487: ['dynamodb:PutItem'] };
/** Of requests with an idempotency key. */
const KEEP_REPLIES = {
  TablesIdempotency498FF680: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
};
/** As Lambda does, which polls with the function's role. */
const READ_EVENTS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];
const WORK_ON_QUEUE = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];
const LEAVE_FAILED_RECORDS = {
  FailedRecordsBucket8BDE9169: ['s3:ListBucket'],
  'FailedRecordsBucket8BDE9169/aws/lambda/*': ['s3:PutObject'],
};

/** Function → resource → actions. */
const GRANTS: readonly [string, Record<string, string[]>][] = [
  [
    'Api/Identity',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesAccounts2D520C9A: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      TablesSessions486350CB: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      TablesTenantsE95A5149: ['dynamodb:GetItem'],
      TablesVerificationKeys660673D8: ['dynamodb:Scan'],
      SigningKey159D907F: READ_SECRET,
    },
  ],
  [
    'Api/Feed',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesPosts0238BDBA: ['dynamodb:PutItem', 'dynamodb:Query'],
      TablesFollows8316CD87: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      ...PUT_INTO_OUTBOX,
      ...KEEP_REPLIES,
      CursorSecretABAE1358: READ_SECRET,
    },
  ],
  [
    'Api/Notifications',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesNotifications29081F10: ['dynamodb:Query'],
      CursorSecretABAE1358: READ_SECRET,
    },
  ],
  ['Api/Limits', { '*': [...INTERFACES, ...TRACES], ...CONNECT }],
  [
    'Api/Parked',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesParked5678F203: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    },
  ],
  [
    'Api/Tenants',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesAccounts2D520C9A: ['dynamodb:UpdateItem'],
      TablesTenantsE95A5149: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${API_GATEWAY}/apikeys`]: ['apigateway:GET', 'apigateway:POST'],
      [`${API_GATEWAY}/apikeys/*`]: ['apigateway:DELETE'],
      [`${API_GATEWAY}/usageplans`]: ['apigateway:GET'],
      [`${API_GATEWAY}/usageplans/ApiRestApiTierbusiness25BCBADD/keys`]: ['apigateway:POST'],
    },
  ],
  [
    'Api/Drill',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesDrill0CEA4323: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      TablesParked5678F203: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ApiDrillParkingQueue2F2E933C: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
    },
  ],
  [
    'NotificationsWorker/Worker',
    {
      '*': TRACES,
      'TablesFollows8316CD87/index/byFollowee': ['dynamodb:Query'],
      TablesNotifications29081F10: ['dynamodb:BatchWriteItem'],
      Events948F067E: READ_EVENTS,
      ...LEAVE_FAILED_RECORDS,
    },
  ],
  ['Authorizer/Verify', { '*': TRACES, TablesVerificationKeys660673D8: ['dynamodb:Scan'] }],
  [
    'Api/Video',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesVideosFCD9971E: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ...PUT_INTO_OUTBOX,
      ...KEEP_REPLIES,
      // Links that it signs are good for what it may do itself.
      'MediaBucket4022EBBF/uploads/*': ['s3:PutObject'],
      'MediaBucket4022EBBF/videos/*': ['s3:GetObject'],
    },
  ],
  [
    'Api/Analytics',
    {
      '*': [...INTERFACES, ...TRACES],
      ...CONNECT,
      TablesAnalytics8C9AB49E: ['dynamodb:Query'],
      'TablesAnalytics8C9AB49E/index/byViews': ['dynamodb:Query'],
    },
  ],
  [
    'AnalyticsWorker/Worker',
    {
      '*': TRACES,
      TablesAnalytics8C9AB49E: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Events948F067E: READ_EVENTS,
      ...LEAVE_FAILED_RECORDS,
    },
  ],
  [
    'ActivityWorker/Worker',
    {
      '*': TRACES,
      ...PUT_INTO_OUTBOX,
      ActivityWorkQueue6CA1B6A0: WORK_ON_QUEUE,
      ActivityWorkDeadLettersEEBC657B: ['sqs:SendMessage'],
    },
  ],
  [
    'VideoWorker/Worker',
    {
      '*': TRACES,
      TablesVideosFCD9971E: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      ...PUT_INTO_OUTBOX,
      MediaBucket4022EBBF: ['s3:ListBucket'],
      'MediaBucket4022EBBF/uploads/*': ['s3:GetObject'],
      'MediaBucket4022EBBF/videos/*': ['s3:DeleteObject', 's3:PutObject'],
      VideoWorkQueue26A0178E: WORK_ON_QUEUE,
      VideoWorkDeadLetters9B593EA4: ['sqs:SendMessage'],
    },
  ],
  [
    'OutboxRelay/Relay/Worker',
    {
      '*': TRACES,
      'TablesOutboxD51CD487/stream': [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      Events948F067E: ['kinesis:PutRecords'],
      VideoWorkQueue26A0178E: ['sqs:SendMessage'],
      ...LEAVE_FAILED_RECORDS,
    },
  ],
  [
    'AdmissionController/Controller',
    {
      '*': ['cloudwatch:GetMetricData', ...INTERFACES, ...TRACES],
      ...CONNECT,
      'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameterAdmissionControllerLevers44FAFE40': [
        'ssm:GetParameter',
        'ssm:GetParameterHistory',
      ],
    },
  ],
];

describe('the grants of ServiceStack', () => {
  let service: ServiceStack;
  let template: Template;
  beforeAll(() => {
    const app = flaggedApp();
    const data = new DataStack(app, 'Data', { stageName: 'dev', stage: STAGES.dev });
    service = new ServiceStack(app, 'Service', { stageName: 'dev', stage: STAGES.dev, data });
    template = Template.fromStack(service);
  });

  it.each(GRANTS)('lets %s do what it does, and nothing else', (path, expected) => {
    const target = service.node.findAll().find(({ node }) => node.path === `Service/${path}`);
    if (!(target instanceof ServiceFunction)) throw new Error(`no function at ${path}`);
    const logs = service.getLogicalId(target.logGroup.node.defaultChild as CfnElement);
    expect(allowedActions(service, template, target)).toEqual({ ...expected, [logs]: LOGS });
  });

  it('are written down for each function that there is', () => {
    const functions = service.node.findAll().filter((construct) => construct instanceof ServiceFunction);
    expect(functions.map(({ node }) => node.path.replace('Service/', '')).sort()).toEqual(
      GRANTS.map(([path]) => path).sort(),
    );
  });
});
