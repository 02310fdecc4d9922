import { type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';

export interface RabbitConnectionOptions {
  /** `amqps://host:port`. */
  readonly url: string;
  /** Who to be, asked for each connection. */
  readonly credentials: () => Promise<{ readonly username: string; readonly password: string }>;
  /** Longest wait for a connection, in ms. @default 5_000 */
  readonly connectTimeoutMs?: number;
}

/** One connection with one channel, opened when it is needed, and again where it was lost: frozen environments lose theirs. */
export interface RabbitConnection {
  /** A channel on which the broker confirms what it has taken. Rejects where there is no broker. */
  channel(): Promise<ConfirmChannel>;
  /** Gives a channel up that says nothing any more. */
  drop(channel: ConfirmChannel): void;
  close(): Promise<void>;
}

/** Shorter than what load balancers and frozen environments leave alone. In seconds. */
const HEARTBEAT_SECONDS = 30;

interface Opened {
  readonly model: ChannelModel;
  readonly channel: ConfirmChannel;
}

export function createRabbitConnection(options: RabbitConnectionOptions): RabbitConnection {
  const { url, credentials, connectTimeoutMs = 5_000 } = options;
  const { protocol, hostname, port } = new URL(url);
  let opened: Promise<Opened> | undefined;

  async function open(forget: () => void): Promise<Opened> {
    const server: Options.Connect = {
      protocol: protocol.replace(':', ''),
      hostname,
      ...(port !== '' && { port: Number(port) }),
      ...(await credentials()),
      heartbeat: HEARTBEAT_SECONDS,
    };
    // The server's name for TLS is the host's; `timeout` is that of the socket until the broker has answered.
    const model = await connect(server, { timeout: connectTimeoutMs, servername: hostname });
    // An error that nobody listens for ends the process; it is followed by `close`.
    model.on('error', forget);
    model.on('close', forget);
    try {
      const channel = await model.createConfirmChannel();
      const end = () => {
        forget();
        model.close().catch(() => {});
      };
      channel.on('error', end);
      channel.on('close', forget);
      return { model, channel };
    } catch (error) {
      model.close().catch(() => {});
      throw error;
    }
  }

  return {
    async channel() {
      if (opened === undefined) {
        const forget = () => {
          if (opened === mine) opened = undefined;
        };
        const mine: Promise<Opened> = open(forget);
        opened = mine;
        mine.catch(forget);
      }
      return (await opened).channel;
    },
    drop(channel) {
      const given = opened;
      given?.then(
        ({ model, channel: current }) => {
          if (current !== channel) return;
          if (opened === given) opened = undefined;
          model.close().catch(() => {});
        },
        () => {},
      );
    },
    async close() {
      const given = opened;
      opened = undefined;
      await given?.then(
        ({ model }) => model.close(),
        () => {},
      );
    },
  };
}
