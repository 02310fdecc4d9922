import { startTwinProcess } from '../local/demo/twin-process.ts';
import { startTwin } from '../local/twin/twin.ts';
import { alternate } from './alternate.ts';
import { closedLoop, percentile } from './closed-loop.ts';
import { closedLoopInThread } from './closed-loop-thread.ts';
import { synthesizeHello } from './peers/hello-twin.ts';
import { startServerlessOffline } from './peers/serverless-offline.ts';
import { checkBound, printRatios } from './report.ts';

const headers = { Authorization: 'Bearer bench' };
/** Connections → how many times serverless-offline's rate is wanted. */
const WANTED = [
  { connections: 1, atLeast: 3 },
  { connections: 64, atLeast: 4 },
];

/** Gateway, authorizer and a trivial handler, against serverless-offline 14 with the same handlers; each a process of its own. */
export async function benchGateway(): Promise<void> {
  const assembly = synthesizeHello();
  const peer = await startServerlessOffline();
  // The account's own throttle is the one thing here that would hold the twin back.
  const unlimited = ['--account-rps', '1000000', '--account-burst', '1000000'];
  const twin = await startTwinProcess(['--assembly', assembly.directory, ...unlimited]);
  try {
    for (const { connections, atLeast } of WANTED) {
      const run = (url: string) => (requests: number) => closedLoop({ url, headers, connections, requests });
      const ratios = await alternate(
        [
          { name: 'serverless-offline', run: run(`${peer.url}/hello`) },
          { name: 'twin', run: run(`${twin.apiUrl}/hello`) },
        ],
        { rounds: 7, times: 1_500 },
      );
      printRatios(`Gateway, authorizer and a trivial handler, ${connections} keep-alive connections`, ratios);
      const measured = ratios[1]?.median ?? Number.NaN;
      process.stdout.write(`the twin serves ${(1 / measured).toFixed(1)} × the requests per second\n`);
      checkBound({ what: `time at ${connections} connections / serverless-offline`, measured, atMost: 1 / atLeast });
    }
  } finally {
    await Promise.all([twin.stop(), peer.stop()]);
  }
  await benchOwnLatency(assembly.directory);
  assembly.remove();
}

/** What the gateway itself takes of a request, by its own access entries, while a client in a thread of its own calls it. */
async function benchOwnLatency(assemblyDir: string): Promise<void> {
  const own: number[] = [];
  const handler: number[] = [];
  const twin = await startTwin({
    assemblyDir,
    port: 0,
    nowMs: () => performance.timeOrigin + performance.now(),
    onRequest: ({ latencyMs, integrationLatencyMs = 0, authorizerLatencyMs = 0 }) => {
      handler.push(integrationLatencyMs);
      own.push(latencyMs - integrationLatencyMs - authorizerLatencyMs);
    },
  });
  try {
    const call = (requests: number) =>
      closedLoopInThread({ url: `${twin.apiUrl}/hello`, headers, connections: 1, requests });
    await call(2_000);
    own.length = 0;
    handler.length = 0;
    await call(10_000);
  } finally {
    await twin.close();
  }
  const [ownP99, handlerP99] = [percentile(own, 0.99), percentile(handler, 0.99)];
  const both = `${ownP99.toFixed(3)} ms of its own, ${handlerP99.toFixed(3)} ms of the handler`;
  process.stdout.write(`\np99 of 10,000 requests at 1 connection: ${both}\n`);
  checkBound({ what: "the gateway's own p99 / the handler's", measured: ownP99 / handlerP99, atMost: 2 });
}
