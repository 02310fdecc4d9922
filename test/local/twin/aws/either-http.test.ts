import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningAws, runAws } from '../../../support/running-aws.ts';

describe('serveEitherHttp', () => {
  let running: RunningAws;
  beforeAll(async () => {
    running = await runAws();
  });
  afterAll(() => running.aws.close());

  it('serves an SDK client that speaks HTTP/2 by default', async () => {
    const { requestHandler: _, ...options } = running.clientOptions();
    const client = new KinesisClient(options);
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual(['events']);
    client.destroy();
  });

  it('serves many HTTP/2 requests of one connection at once', async () => {
    const session = connectHttp2(running.aws.url);
    const statuses = Array.from({ length: 20 }, () => {
      const stream = session.request({
        ':method': 'POST',
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        authorization: 'AWS4-HMAC-SHA256 Credential=X/20260101/eu-west-1/kinesis/aws4_request',
      });
      stream.end('{}');
      return new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    });
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
    session.close();
  });

  it('is not harmed by what is neither', async () => {
    const { port } = new URL(running.aws.url);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect({ host: '127.0.0.1', port: Number(port) }, () => socket.write('PRIVATE nonsense\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect((await fetch(running.aws.url, { method: 'POST' })).status).toBe(400);
  });
});
