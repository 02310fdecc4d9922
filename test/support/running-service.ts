import type { DatabaseSync } from 'node:sqlite';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ResolvedResource } from '../../local/twin/assembly/resolved-resource.ts';
import type { AwsService } from '../../local/twin/aws/aws-call.ts';
import { startAwsEndpoint } from '../../local/twin/aws/aws-endpoint.ts';
import type { AwsContext, AwsRoom } from '../../local/twin/aws/aws-room.ts';
import { createCallAws, createDispatch } from '../../local/twin/aws/dispatcher.ts';
import { OWNER, type Principal } from '../../local/twin/aws/principal.ts';
import type { Invoke } from '../../local/twin/functions/invoke.ts';
import { ManualClock } from './manual-clock.ts';

export interface ServiceOptions {
  /** As IAM actions and the dispatcher name it. */
  readonly name: string;
  readonly resources?: readonly ResolvedResource[];
  readonly invoke?: Invoke;
  readonly database?: DatabaseSync;
  readonly principalOf?: (accessKeyId: string | undefined) => Principal;
}

/** One service behind an endpoint of its own, on a manual clock, for clients of the SDK. */
export interface RunningService<R extends AwsRoom> {
  readonly room: R;
  readonly clock: ManualClock;
  readonly log: string[];
  /** Configuration of an SDK client; retries are off, so that errors show as they come. */
  client(accessKeyId?: string): {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
    readonly requestHandler: NodeHttpHandler;
  };
  close(): Promise<void>;
}

export async function runService<R extends AwsRoom>(
  start: (context: AwsContext) => R,
  { name, resources = [], invoke, database, principalOf = () => OWNER }: ServiceOptions,
): Promise<RunningService<R>> {
  const clock = new ManualClock();
  const log: string[] = [];
  const services: Record<string, AwsService> = {};
  const dispatch = createDispatch(services, () => {});
  const room = start({
    region: 'eu-west-1',
    accountId: '000000000000',
    nowMs: () => clock.now(),
    log: (line) => log.push(line),
    invoke: (functionArn, payload, principal) =>
      invoke?.(functionArn, payload, principal) ?? Promise.resolve({ ok: true, payload: null }),
    invokeAsync: async () => ({ ok: true }),
    callAws: createCallAws(dispatch, () => ''),
    database,
  });
  services[name] = room.service;
  await room.provision(resources);
  const endpoint = await startAwsEndpoint({ dispatch, principalOf });
  return {
    room,
    clock,
    log,
    client: (accessKeyId = 'ASIATWIN000000000001') => ({
      endpoint: endpoint.url,
      region: 'eu-west-1',
      credentials: { accessKeyId, secretAccessKey: 'twin' },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler(),
    }),
    close: async () => {
      await endpoint.close();
      await room.close?.();
    },
  };
}
