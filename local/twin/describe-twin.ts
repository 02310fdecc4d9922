import { apiAddresses, apiKind, apiStages } from './console/api-address.ts';
import { type PlanView, planViews } from './console/api-view.ts';
import type { RunningApi } from './running-apis.ts';
import type { Twin } from './twin.ts';

/** Sentences about ignored properties that are printed; the console has all. */
const IGNORED_MAX = 5;

type Row = readonly [name: string, value: string];

/** What is counted, in the order in which it is said: the words, and the types that they stand for. */
const STORES: readonly (readonly [singular: string, plural: string, ...types: string[]])[] = [
  ['table', 'tables', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'],
  ['stream', 'streams', 'AWS::Kinesis::Stream'],
  ['queue', 'queues', 'AWS::SQS::Queue'],
  ['bucket', 'buckets', 'AWS::S3::Bucket'],
  ['topic', 'topics', 'AWS::SNS::Topic'],
  ['secret', 'secrets', 'AWS::SecretsManager::Secret'],
  ['parameter', 'parameters', 'AWS::SSM::Parameter'],
  ['key', 'keys', 'AWS::KMS::Key'],
];
const EVENTS: typeof STORES = [
  ['event source', 'event sources', 'AWS::Lambda::EventSourceMapping'],
  ['subscription', 'subscriptions', 'AWS::SNS::Subscription'],
  ['rule', 'rules', 'AWS::Events::Rule'],
  ['schedule', 'schedules', 'AWS::Scheduler::Schedule'],
  ['delivery stream', 'delivery streams', 'AWS::KinesisFirehose::DeliveryStream'],
];

/** What `npm start` prints once the twin is ready. */
export function describeTwin(twin: Twin): string {
  const functions = twin.functions.status(0).map(({ label }) => label);
  const rows: Row[] = [
    ...twin.apis.flatMap(apiRows),
    ['console', twin.consoleUrl],
    ['AWS', `${twin.awsEndpointUrl}  (every SDK call of the functions)`],
    ['IAM', twin.iamReport().mode === 'enforce' ? 'enforced: what no policy grants is denied' : 'only warns'],
    ...(twin.cache === undefined ? [] : [['cache', twin.cache.replace(/^cache: /, '')] as const]),
    ['functions', `${functions.length}${functions.length > 0 ? `: ${functions.join(', ')}` : ''}`],
    ...countRow('stores', STORES, twin),
    ...countRow('events', EVENTS, twin),
    ...planRows(twin.apis),
    ...ignoredRows(twin.ignored),
    ...noticeRows(twin.notices),
  ];
  const command = firstCommand(twin.apis);
  const lines = ['', ...rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`)];
  if (command !== undefined) lines.push('', 'Try it:', `  ${command}`);
  return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}

function apiRows(api: RunningApi): Row[] {
  const stages = apiStages(api);
  return apiAddresses(api).map((address, index) => [
    'API',
    `${address}  (${apiKind(api)}, ${api.description.name}, stage ${stages[index] ?? 'none'})`,
  ]);
}

function countRow(name: string, kinds: typeof STORES, { resources }: Twin): Row[] {
  const counts = kinds.flatMap(([singular, plural, ...types]) => {
    const count = resources.filter(({ type }) => types.includes(type)).length;
    return count === 0 ? [] : `${count} ${count === 1 ? singular : plural}`;
  });
  return counts.length === 0 ? [] : [[name, counts.join(', ')]];
}

/** Each once: a plan may be for several stages. */
function planRows(apis: readonly RunningApi[]): Row[] {
  const sentences = apis.flatMap(({ description }) => planViews(description.plans).map(planSentence));
  return [...new Set(sentences)].map((sentence) => ['plan', sentence]);
}

function planSentence({ label, throttle, quota }: PlanView): string {
  const limits = [
    throttle && `${throttle.ratePerSecond}/s, burst ${throttle.burst}`,
    quota && `${quota.limit} per ${quota.period.toLowerCase()}`,
  ].filter(Boolean);
  return `${label}: ${limits.join('; ') || 'no limits'}`;
}

/** One sentence for all resources of a type: `AWS::DynamoDB::GlobalTable 'Posts': Replicas is ignored: …`. */
function ignoredRows(ignored: readonly string[]): Row[] {
  const counts = new Map<string, number>();
  for (const sentence of ignored) {
    const said = sentence.replace(/^AWS::(\S+) '[^']*'/, '$1');
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const rows = [...counts].map(([said, count]): Row => ['ignored', count === 1 ? said : `${count} × ${said}`]);
  if (rows.length <= IGNORED_MAX) return rows;
  return [...rows.slice(0, IGNORED_MAX), ['ignored', `${rows.length - IGNORED_MAX} more; the console lists them`]];
}

function noticeRows(notices: Twin['notices']): Row[] {
  const total = notices.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const only = notices.length === 1 ? notices[0] : undefined;
  if (only) return [['no effect', `${only.count} × ${only.type.replace(/^AWS::/, '')}`]];
  return [['no effect', `${total} resources of ${notices.length} types; the console lists them`]];
}

/** A command that works at once: sign up where there is a sign-up, else the first route that asks for no token and no key. */
function firstCommand(apis: readonly RunningApi[]): string | undefined {
  for (const api of apis) {
    if (apiKind(api) === 'WebSocket') continue;
    const [url = ''] = apiAddresses(api);
    const open = api.description.routes.filter(
      ({ authorizer, apiKeyRequired, integration }) =>
        authorizer === undefined && !apiKeyRequired && integration !== 'MOCK',
    );
    if (open.some(({ method, path }) => method === 'POST' && path === '/signup')) {
      const body = '{"email":"ada@example.com","password":"correct horse battery staple"}';
      return `curl -i ${url}/signup -H 'Content-Type: application/json' -d '${body}'`;
    }
    const readable = open.find(({ method, path }) => /^(GET|ANY)$/.test(method) && !path.includes('{'));
    if (readable) return `curl -i ${url}${readable.path === '$default' ? '/' : readable.path}`;
  }
  return undefined;
}
