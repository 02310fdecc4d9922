import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ping } from '../../../../local/twin/cache/ping.ts';
import { startServerProcess } from '../../../../local/twin/cache/server-process.ts';
import { ANSWERS_PING, fakeServerBinaries } from './fake-server-binary.ts';

const binaryOf = (script: string) => join(fakeServerBinaries({ server: script }), 'server');

describe('startServerProcess', () => {
  it('starts a server on a port of this machine, and waits for its end', async () => {
    const server = await startServerProcess(binaryOf(ANSWERS_PING));
    await expect(ping('127.0.0.1', server.port, 1_000)).resolves.toBeUndefined();
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
    await server.stop();
  });

  it('kills a server that does not want to end', async () => {
    const server = await startServerProcess(
      binaryOf(ANSWERS_PING.replace('const', "process.on('SIGTERM', () => {}); const")),
    );
    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
  });

  it('leaves no server behind when this process is killed', async () => {
    const module = new URL('../../../../local/twin/cache/server-process.ts', import.meta.url);
    const source = `
      import { startServerProcess } from ${JSON.stringify(module.href)};
      const { pid } = await startServerProcess(${JSON.stringify(binaryOf(ANSWERS_PING))});
      console.log(pid);
      setInterval(() => {}, 1_000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(parent.stdout, 'data');
    const pid = Number(String(output));
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let waits = 0; isRunning(pid) && waits < 100; waits += 1) await delay(20);
    expect(isRunning(pid)).toBe(false);
  });

  it('fails with the last words of a server that ends at once', async () => {
    await expect(startServerProcess(binaryOf('echo one; echo "Fatal: no memory" >&2; exit 1'))).rejects.toThrow(
      'Fatal: no memory',
    );
    await expect(startServerProcess(binaryOf('exit 1'))).rejects.toThrow('it ended without a word');
  });

  it('fails on a file that cannot be run', async () => {
    await expect(startServerProcess('/nowhere/server')).rejects.toThrow('spawn /nowhere/server ENOENT');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
