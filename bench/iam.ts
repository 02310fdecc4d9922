import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pickOne, type Random, seededRandom } from '../local/soak/seeded-random.ts';
import { evaluate, type Request } from '../local/twin/aws/iam/model/evaluate.ts';
import { parsePolicy } from '../local/twin/aws/iam/model/policy.ts';
import { alternate } from './alternate.ts';
import { installPeer } from './peers/install.ts';
import { checkBound, printRatios } from './report.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/feed`;
const ACTIONS = ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:DeleteItem'];
const ACTION_PATTERNS = [...ACTIONS, 'dynamodb:*', 'dynamodb:Get*', 'dynamodb:?utItem', 'sqs:*', '*'];
const TABLES = ['posts', 'accounts', 'sessions'].map((name) => `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}`);
const RESOURCE_PATTERNS = [
  ...TABLES,
  '*',
  `arn:aws:dynamodb:*:${ACCOUNT}:table/p*`,
  'arn:aws:dynamodb:us-east-1:*:table/?ccounts',
];
const CONDITIONS = [
  {},
  { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } },
  { StringNotLike: { 'aws:RequestedRegion': 'eu-*' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
];

interface Case {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
  readonly policy: { readonly Version: string; readonly Statement: readonly Record<string, unknown>[] };
}

type RunSimulation = (simulation: unknown, options: unknown) => Promise<{ readonly overallResult: string }>;

/** The twin's IAM evaluator against iam-simulate: the same decisions on random policies, and how long they take. */
export async function benchIam(): Promise<void> {
  const modules = installPeer('iam-simulate');
  const entry = createRequire(join(modules, 'x.js')).resolve('@cloud-copilot/iam-simulate');
  const { runSimulation } = (await import(pathToFileURL(entry).href)) as { runSimulation: RunSimulation };
  const random = seededRandom(1);
  const cases = Array.from({ length: 500 }, () => randomCase(random));

  const ours = cases.map((one) => decide(one));
  const theirs = await Promise.all(
    cases.map(async (one) => (await simulate(runSimulation, one)).overallResult === 'Allowed'),
  );
  const other = cases.filter((_, index) => ours[index] !== theirs[index]);
  for (const one of other.slice(0, 3)) process.stdout.write(`decided otherwise: ${JSON.stringify(one)}\n`);
  const share = ours.filter(Boolean).length / cases.length;
  process.stdout.write(`${cases.length} random requests, ${Math.round(share * 100)} % allowed\n`);
  checkBound({ what: 'requests decided otherwise than by iam-simulate', measured: other.length, atMost: 0 });

  const ratios = await alternate(
    [
      {
        name: 'iam-simulate',
        run: async (times: number) => {
          for (let index = 0; index < times; index += 1)
            await simulate(runSimulation, cases[index % cases.length] as Case);
        },
      },
      {
        name: 'the twin, policies parsed each time',
        run: (times: number) => {
          for (let index = 0; index < times; index += 1) decide(cases[index % cases.length] as Case);
        },
      },
    ],
    { rounds: 7, times: 300 },
  );
  printRatios('One decision', ratios);
  checkBound({ what: 'time of a decision / iam-simulate', measured: ratios[1]?.median ?? Number.NaN, atMost: 1 });
}

function randomCase(random: Random): Case {
  const statement = (): Record<string, unknown> => {
    const Condition = pickOne(CONDITIONS, random);
    return {
      Effect: random() < 0.25 ? 'Deny' : 'Allow',
      [random() < 0.1 ? 'NotAction' : 'Action']: [pickOne(ACTION_PATTERNS, random)],
      [random() < 0.1 ? 'NotResource' : 'Resource']: [pickOne(RESOURCE_PATTERNS, random)],
      ...(Object.keys(Condition).length > 0 && { Condition }),
    };
  };
  return {
    action: pickOne(ACTIONS, random),
    resource: pickOne(TABLES, random),
    context: {
      'aws:RequestedRegion': pickOne(['us-east-1', 'eu-west-1', 'ap-south-1'], random),
      'aws:SecureTransport': pickOne(['true', 'false'], random),
      'aws:SourceIp': pickOne(['10.1.2.3', '192.0.2.1'], random),
    },
    policy: { Version: '2012-10-17', Statement: Array.from({ length: 1 + Math.floor(random() * 4) }, statement) },
  };
}

function decide({ action, resource, context, policy }: Case): boolean {
  const byLowerName = new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));
  const request: Request = {
    caller: {
      kind: 'role',
      roleArn: ROLE,
      sessionArn: `arn:aws:sts::${ACCOUNT}:assumed-role/feed/feed`,
      accountId: ACCOUNT,
    },
    action,
    resource,
    context: (name) => byLowerName.get(name),
  };
  const identity = [parsePolicy(policy)];
  return evaluate(request, { identity, boundary: undefined, resource: [], resourceRule: 'union' }).allowed;
}

function simulate(run: RunSimulation, { action, resource, context, policy }: Case): ReturnType<RunSimulation> {
  return run(
    {
      request: { action, resource: { resource, accountId: ACCOUNT }, principal: ROLE, contextVariables: context },
      identityPolicies: [{ name: 'policy', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
}
