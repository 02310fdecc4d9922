const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const XRAY = [
  'xray:GetSamplingRules',
  'xray:GetSamplingStatisticSummaries',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

function allow(...actions: string[]): unknown {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}

const PREFIX = 'arn:aws:iam::aws:policy/';

/**
 * AWS's own policies that CDK constructs and Lambda's documentation attach, by what follows `:policy/`: the actions of their
 * default versions ("AWS Managed Policy Reference Guide"), as far as a service of the twin could ask for them.
 */
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  AWSLambda_FullAccess: allow('lambda:*', 'logs:*', 'kms:ListAliases', 'iam:GetRole', 'iam:ListRoles', 'iam:PassRole'),
  AWSLambda_ReadOnlyAccess: allow('lambda:Get*', 'lambda:List*'),
  AWSLambdaExecute: allow('logs:*', 's3:GetObject', 's3:PutObject'),
  AWSXRayDaemonWriteAccess: allow(...XRAY),
  AWSXrayWriteOnlyAccess: allow(...XRAY),
  AdministratorAccess: allow('*'),
  AmazonAPIGatewayInvokeFullAccess: allow('execute-api:Invoke', 'execute-api:ManageConnections'),
  AmazonDynamoDBFullAccess: allow('dynamodb:*', 'kms:DescribeKey', 'kms:ListAliases'),
  AmazonDynamoDBFullAccess_v2: allow('dynamodb:*', 'kms:DescribeKey', 'kms:ListAliases'),
  AmazonDynamoDBReadOnlyAccess: allow(
    'dynamodb:BatchGetItem',
    'dynamodb:Describe*',
    'dynamodb:Get*',
    'dynamodb:List*',
    'dynamodb:PartiQLSelect',
    'dynamodb:Query',
    'dynamodb:Scan',
  ),
  AmazonEventBridgeFullAccess: allow('events:*', 'schemas:*', 'scheduler:*'),
  AmazonKinesisFullAccess: allow('kinesis:*'),
  AmazonKinesisReadOnlyAccess: allow('kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'),
  AmazonSNSFullAccess: allow('sns:*'),
  AmazonSNSReadOnlyAccess: allow('sns:GetTopicAttributes', 'sns:List*'),
  AmazonSQSFullAccess: allow('sqs:*'),
  AmazonSQSReadOnlyAccess: allow(
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ListDeadLetterSourceQueues',
    'sqs:ListMessageMoveTasks',
    'sqs:ListQueueTags',
    'sqs:ListQueues',
  ),
  AmazonSSMReadOnlyAccess: allow('ssm:Describe*', 'ssm:Get*', 'ssm:List*'),
  CloudWatchLambdaInsightsExecutionRolePolicy: allow(...LOGS),
  CloudWatchFullAccess: allow('cloudwatch:*', 'logs:*', 'sns:*'),
  SecretsManagerReadWrite: allow('secretsmanager:*', 'kms:DescribeKey', 'kms:ListAliases', 'kms:ListKeys'),
  'service-role/AWSLambdaBasicExecutionRole': allow(...LOGS),
  'service-role/AWSLambdaDynamoDBExecutionRole': allow(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...LOGS,
  ),
  'service-role/AWSLambdaENIManagementAccess': allow(
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AWSLambdaKinesisExecutionRole': allow(
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    ...LOGS,
  ),
  'service-role/AWSLambdaRole': allow('lambda:InvokeFunction'),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...LOGS,
  ),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...LOGS,
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allow(
    ...LOGS,
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:FilterLogEvents',
    'logs:GetLogEvents',
  ),
};

/** The document of one of AWS's own policies by its ARN; `undefined` where the twin does not have it. */
export function awsManagedPolicy(arn: string): unknown {
  const name = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : '';
  return Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
}

/** Names of the policies that the twin has, for messages. */
export const AWS_MANAGED_POLICIES: readonly string[] = Object.keys(DOCUMENTS);
