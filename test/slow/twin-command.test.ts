import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { startTwinProcess } from '../../local/demo/twin-process.ts';

const twin = join(import.meta.dirname, '../../bin/twin.ts');

function run(...args: string[]) {
  return spawnSync(process.execPath, [twin, ...args], { encoding: 'utf8', timeout: 60_000 });
}

/** A zombie has ended: it only waits for a parent that collects it, which not every container has. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

/** Processes that a process has started, and theirs. */
function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = pairs.filter(([, parent]) => parent === pid).map(([child]) => child ?? 0);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

describe('npm start', () => {
  it('is ready with an API, stops on Ctrl-C with code 0, and leaves no process', async () => {
    const running = await startTwinProcess(['--assembly', inject('devAssembly')]);
    expect(running).toMatchObject({ stage: 'dev', apiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect((await fetch(`${running.apiUrl}/.well-known/jwks.json`)).status).toBe(200);
    const page = await fetch(running.consoleUrl);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
    const started = [running.pid, ...descendants(running.pid)];
    expect(await running.stop()).toBe(0);
    expect(started.filter(isAlive)).toEqual([]);
  });

  it('lists what is granted and was not used when it stops', async () => {
    const twin = await startTwinProcess(['--assembly', inject('devAssembly'), '--iam', 'warn']);
    expect(await twin.stop()).toBe(0);
    const report = twin.output().split('Granted, and used by nothing in this run:')[1];
    expect(report).toContain('dynamodb:');
  });

  it('throttles the whole account where --account-rps and --account-burst say so', async () => {
    const throttle = ['--account-rps', '1', '--account-burst', '3'];
    const twin = await startTwinProcess(['--assembly', inject('devAssembly'), ...throttle]);
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await fetch(`${twin.apiUrl}/.well-known/jwks.json`)).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(statuses).toContain(429);
    await twin.stop();
  });

  it('takes the two interrupts of one Ctrl-C, from the terminal and from npm, for one', async () => {
    const twin = await startTwinProcess(['--assembly', inject('devAssembly')]);
    process.kill(twin.pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await twin.stop()).toBe(0);
  });

  it('explains itself with --help', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    for (const option of ['--stage', '--port', '--assembly', '--ready-file', '--verbose'])
      expect(stdout).toContain(option);
  });

  it.each([
    [['--stge', 'dev'], '--stge'],
    [['--port', 'eighty'], 'eighty'],
    [['--port', '65536'], '65536'],
    [['--assembly', '/nowhere'], '/nowhere'],
    [['--stage', 'nope'], "unknown stage 'nope'; stages are dev, prod"],
  ])('fails for %j with a sentence that names the value, and no stack trace', (args, named) => {
    const { status, stderr } = run(...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('fails for a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const child = spawn(process.execPath, [twin, '--assembly', inject('devAssembly'), '--port', String(port)]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    server.close();
    expect(code).not.toBe(0);
    expect(stderr).toContain(String(port));
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
