import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { installPeer } from './install.ts';

/** A server that a bench talks to. */
export interface Peer {
  readonly url: string;
  stop(): Promise<void>;
}

const directory = join(import.meta.dirname, 'serverless-offline');

/** serverless-offline on the service beside this file, installed on first use. */
export async function startServerlessOffline(): Promise<Peer> {
  const bin = join(installPeer('serverless-offline'), '.bin/osls');
  const [port, lambdaPort] = [await freePort(), await freePort()];
  // Its state and cache go to a folder of their own, not into the home of whoever runs the bench.
  const home = mkdtempSync(join(tmpdir(), 'spillway-peer-'));
  const child = spawn(process.execPath, [bin, 'offline', 'start'], {
    cwd: join(directory, 'service'),
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: home,
      PEER_PORT: String(port),
      PEER_LAMBDA_PORT: String(lambdaPort),
      SLS_TELEMETRY_DISABLED: '1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    rmSync(home, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop };
    await delay(100);
  }
  await stop();
  throw new Error('serverless-offline did not start within 30 s');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
