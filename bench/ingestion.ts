import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startTwinProcess } from '../local/demo/twin-process.ts';
import { alternate } from './alternate.ts';
import { latencyRatios } from './latency-ratios.ts';
import { synthesizeApp } from './peers/synthesize-app.ts';
import { postLoop } from './post-loop.ts';
import { printRatios } from './report.ts';
import { openWaitingQueue } from './waiting-queue.ts';

const ROUNDS = 30;
const REQUESTS = 200;
const CONNECTIONS = 16;
const ACTIVITY = { type: 'post-viewed', postId: '01JD4Q9V7K3Z5X8B2N6M0C1R4T' };

/**
 * Work that API Gateway puts into a queue itself (`Route.toQueue`), against the same body through a service that sends it:
 * the same authorizer, throttle and validation, the same message in the end. Latency over one connection, and throughput
 * over many. For information: how they compare in AWS is a matter of its network, of cold starts and of what each costs.
 */
export async function benchIngestion(): Promise<void> {
  const assembly = synthesizeApp('ingestion-app.ts');
  const unlimited = ['--account-rps', '1000000', '--account-burst', '1000000'];
  const twin = await startTwinProcess(['--assembly', assembly.directory, ...unlimited]);
  try {
    const headers = { authorization: `Bearer ${await tokenFor(twin)}` };
    const sent = { direct: 0, 'by-function': 0 };
    const post = (path: keyof typeof sent, requests: number, connections: number) => {
      sent[path] += requests;
      return postLoop({
        next: () => ({ url: `${twin.apiUrl}/${path}`, headers, body: ACTIVITY }),
        requests,
        connections,
        status: 202,
      });
    };
    const contestants = [
      { name: 'with a function', path: 'by-function' },
      { name: 'without (Route.toQueue)', path: 'direct' },
    ] as const;
    const rounds = new Map<string, number[][]>(contestants.map(({ name }) => [name, []]));
    for (const { path } of contestants) await post(path, 1_000, 4);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, path } of round % 2 === 0 ? contestants : contestants.toReversed()) {
        rounds.get(name)?.push(await post(path, REQUESTS, 1));
      }
    }
    const measured = [...rounds].map(([name, own]) => ({ name, rounds: own }));
    printRatios('Ingestion, median over 1 connection', latencyRatios(measured, 0.5));
    printRatios('Ingestion, p99 over 1 connection', latencyRatios(measured, 0.99));
    const ratios = await alternate(
      contestants.map(({ name, path }) => ({ name, run: (times: number) => post(path, times, CONNECTIONS) })),
      { rounds: 15, times: 1_000 },
    );
    printRatios(`Ingestion, time of a request over ${CONNECTIONS} connections`, ratios);
    process.stdout.write(
      `without a function ${(1 / (ratios[1]?.median ?? Number.NaN)).toFixed(1)} × the requests per second\n`,
    );
    for (const [name, count] of Object.entries(sent)) {
      const queue = await openWaitingQueue(twin.awsEndpointUrl, name);
      await queue.waitFor(count).finally(() => queue.close());
    }
  } finally {
    await twin.stop();
    assembly.remove();
  }
}

/** A token of the API's own issuer, whose key is put where the authorizer looks for it. */
async function tokenFor(twin: { readonly apiUrl: string; readonly awsEndpointUrl: string }): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const kid = 'bench';
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const base = new DynamoDBClient({ endpoint: twin.awsEndpointUrl, region: 'us-east-1', credentials });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  await DynamoDBDocumentClient.from(base).send(new PutCommand({ TableName: 'keys', Item: { kid, jwk } }));
  base.destroy();
  return new SignJWT({ tier: 'free', scope: 'activity:write' })
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
    .setIssuer(twin.apiUrl)
    .setAudience('ingestion')
    .setSubject('ada')
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(privateKey);
}
