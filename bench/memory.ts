import { readFileSync } from 'node:fs';
import { startTwinProcess } from '../local/demo/twin-process.ts';
import { closedLoop } from './closed-loop.ts';
import { synthesizeHello } from './peers/hello-twin.ts';
import { checkBound } from './report.ts';

const REQUESTS = 200_000;
const STEPS = 10;

/** Memory of a twin process over 200,000 requests: the last fifth may hold no more than the second one did, but for noise. */
export async function benchMemory(): Promise<void> {
  const assembly = synthesizeHello();
  const unlimited = ['--account-rps', '1000000', '--account-burst', '1000000'];
  const twin = await startTwinProcess(['--assembly', assembly.directory, ...unlimited]);
  const megabytes: number[] = [];
  try {
    for (let step = 0; step < STEPS; step += 1) {
      await closedLoop({
        url: `${twin.apiUrl}/hello`,
        headers: { Authorization: `Bearer ${step}` },
        connections: 16,
        requests: REQUESTS / STEPS,
      });
      megabytes.push(residentMegabytes(twin.pid));
      process.stdout.write(`after ${((step + 1) * REQUESTS) / STEPS} requests: ${megabytes.at(-1)} MB\n`);
    }
  } finally {
    await twin.stop();
    assembly.remove();
  }
  const [early, late] = [Math.max(...megabytes.slice(2, 4)), Math.max(...megabytes.slice(-2))];
  checkBound({ what: 'memory after 200,000 requests / after 80,000', measured: late / early, atMost: 1.1 });
}

/** Resident set of a process, which Linux tells in kilobytes. */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
