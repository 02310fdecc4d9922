import { startTwinProcess } from '../local/demo/twin-process.ts';
import { startTwin } from '../local/twin/twin.ts';
import { alternate } from './alternate.ts';
import { closedLoop, percentile } from './closed-loop.ts';
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

/** What the gateway itself adds: a request over HTTP, less an invocation of the handler alone. */
async function benchOwnLatency(assemblyDir: string): Promise<void> {
  const twin = await startTwin({ assemblyDir, port: 0 });
  try {
    const name = twin.functions.names.find((candidate) => candidate.includes('hello')) ?? '';
    const url = `${twin.apiUrl}/hello`;
    const invoked: number[] = [];
    const requested: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (let index = 0; index < 400; index += 1) {
        const startMs = performance.now();
        await twin.functions.invoke(name, {});
        if (round > 0) invoked.push(performance.now() - startMs);
      }
      const latencies = await closedLoop({ url, headers, connections: 1, requests: 400 });
      if (round > 0) requested.push(...latencies);
    }
    const [handler, whole] = [percentile(invoked, 0.99), percentile(requested, 0.99)];
    process.stdout.write(
      `\np99 of the handler ${handler.toFixed(2)} ms, of the whole request ${whole.toFixed(2)} ms\n`,
    );
    checkBound({ what: "the gateway's own p99 / the handler's", measured: (whole - handler) / handler, atMost: 2 });
  } finally {
    await twin.close();
  }
}
