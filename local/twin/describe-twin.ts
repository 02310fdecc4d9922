import type { Twin } from './twin.ts';

/** What `npm start` prints once the twin is ready. */
export function describeTwin(twin: Twin): string {
  const count = (type: string): number => twin.resources.filter((resource) => resource.type === type).length;
  const tables = count('AWS::DynamoDB::GlobalTable') + count('AWS::DynamoDB::Table');
  const stores = [
    many(tables, 'table'),
    many(count('AWS::Kinesis::Stream'), 'stream'),
    many(count('AWS::SQS::Queue'), 'queue'),
    many(count('AWS::SecretsManager::Secret'), 'secret'),
  ];
  const functions = twin.functions.status(0).map(({ label }) => label);
  const rows: (readonly [string, string])[] = [
    ...twin.apis.map(({ url, description }) => ['API', `${url}  (stage ${description.stage})`] as const),
    ['console', twin.consoleUrl],
    ['AWS', `${twin.awsEndpointUrl}  (every SDK call of the functions)`],
    ...(twin.cache === undefined ? [] : [['cache', twin.cache.replace(/^cache: /, '')] as const]),
    ['functions', `${functions.length}: ${functions.join(', ')}`],
    ['stores', stores.filter(Boolean).join(', ')],
    ...twin.apis.flatMap(({ description }) => description.plans.map((plan) => ['plan', planSentence(plan)] as const)),
    ...noticeRows(twin),
  ];
  const command = firstCommand(twin);
  const lines = ['', ...rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`)];
  if (command !== undefined) lines.push('', 'Try it:', `  ${command}`);
  return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}

type Plan = Twin['apis'][number]['description']['plans'][number];

function planSentence({ name, throttle, quota }: Plan): string {
  const limits = [
    throttle && `${throttle.ratePerSecond}/s, burst ${throttle.burst}`,
    quota && `${quota.limit} per ${quota.period.toLowerCase()}`,
  ].filter(Boolean);
  return `${name}: ${limits.join('; ') || 'no limits'}`;
}

function noticeRows({ notices, ignored }: Twin): (readonly [string, string])[] {
  const total = notices.reduce((sum, { count }) => sum + count, 0);
  const types = notices.map(({ type, count }) => `${count} × ${type.replace(/^AWS::/, '')}`).join(', ');
  const rows = ignored.map((sentence) => ['ignored', sentence] as const);
  return total === 0 ? rows : [...rows, ['no effect', `${total} resources: ${types}`] as const];
}

/** A command that works at once: sign up where there is a sign-up, else the first route that asks for no token. */
function firstCommand({ apis }: Twin): string | undefined {
  for (const { url, description } of apis) {
    const open = description.routes.filter(
      ({ authorizer, integration }) => authorizer === undefined && integration !== 'MOCK',
    );
    if (open.some(({ method, path }) => method === 'POST' && path === '/signup')) {
      const body = '{"email":"ada@example.com","password":"correct horse battery staple"}';
      return `curl -i ${url}/signup -H 'Content-Type: application/json' -d '${body}'`;
    }
    const readable = open.find(({ method, path }) => method === 'GET' && !path.includes('{'));
    if (readable) return `curl -i ${url}${readable.path}`;
  }
  return undefined;
}

function many(count: number, noun: string): string {
  if (count === 0) return '';
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
