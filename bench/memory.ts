import { readFileSync } from 'node:fs';
import { startTwinProcess } from '../local/demo/twin-process.ts';
import { closedLoop } from './closed-loop.ts';
import { synthesizeHello } from './peers/hello-twin.ts';
import { checkBound } from './report.ts';

/** Each environment is a V8 heap that takes its time to find its size. */
const WARM_UP = 100_000;
const REQUESTS = 200_000;
const STEP = 20_000;

/** Memory of a warm twin process over 200,000 requests: in the end it may hold no more than at the start, but for noise. */
export async function benchMemory(): Promise<void> {
  const assembly = synthesizeHello();
  const unlimited = ['--account-rps', '1000000', '--account-burst', '1000000'];
  const twin = await startTwinProcess(['--assembly', assembly.directory, ...unlimited]);
  const megabytes: number[] = [];
  try {
    for (let done = STEP; done <= WARM_UP + REQUESTS; done += STEP) {
      await closedLoop({
        url: `${twin.apiUrl}/hello`,
        headers: { Authorization: `Bearer ${done}` },
        connections: 16,
        requests: STEP,
      });
      const held = residentMegabytes(twin.pid);
      if (done >= WARM_UP) megabytes.push(held);
      process.stdout.write(`after ${done} requests: ${held} MB\n`);
    }
  } catch (error) {
    process.stderr.write(twin.output());
    throw error;
  } finally {
    await twin.stop();
    assembly.remove();
  }
  const measured = (megabytes.at(-1) ?? Number.NaN) / (megabytes[0] ?? Number.NaN);
  checkBound({ what: 'memory of a warm twin after 200,000 requests / before', measured, atMost: 1.1 });
}

/** Resident set of a process, which Linux tells in kilobytes. */
function residentMegabytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_024);
}
