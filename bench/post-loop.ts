import { Agent, request } from 'node:http';

/** One request of a loop; its body is JSON. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface PostLoopOptions {
  /** What to send next. */
  readonly next: () => Post;
  readonly requests: number;
  readonly connections: number;
  /** What has to be answered. */
  readonly status: number;
}

/**
 * Sends POST requests over keep-alive connections, each connection its next request as soon as it has its answer.
 *
 * @returns the latency of each request in milliseconds, in no order.
 * @throws Error on any other answer than `status`, with its body.
 */
export async function postLoop({ next, requests, connections, status }: PostLoopOptions): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let left = requests;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedMs = performance.now();
      const answer = await send(agent, next());
      latencies.push(performance.now() - startedMs);
      if (answer.status !== status) throw new Error(`answered ${answer.status} and not ${status}: ${answer.text}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, one));
  } finally {
    agent.destroy();
  }
  return latencies;
}

function send(agent: Agent, { url, headers, body }: Post): Promise<{ readonly status: number; readonly text: string }> {
  const content = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': content.length },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
        incoming.once('error', reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(content);
  });
}
