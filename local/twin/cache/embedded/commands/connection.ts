import { type CommandGroup, control, read } from '../command.ts';
import { parseInteger } from '../parse-argument.ts';
import { CommandError, OK, type Reply, Status } from '../reply.ts';
import { SERVER_VERSION } from '../server-version.ts';
import { subcommands } from '../subcommands.ts';

/** Every user name but this one is unknown, and this one needs no password, as on a server without configuration. */
const DEFAULT_USER = 'default';

export const connection: CommandGroup = {
  ping: read(-1, ([message, ...rest]) => {
    if (rest.length > 0) throw new CommandError("ERR wrong number of arguments for 'ping' command");
    return message ?? new Status('PONG');
  }),
  echo: read(2, ([message = '']) => message),
  quit: control(-1, (_, { session }) => {
    session.isClosing = true;
    return OK;
  }),
  select: read(2, ([index = ''], { session, databases }) => {
    const database = parseInteger(index);
    if (databases[database] === undefined) throw new CommandError('ERR DB index is out of range');
    session.database = database;
    return OK;
  }),
  auth: control(-2, ([first = '', password, ...rest]) => {
    if (rest.length > 0) throw new CommandError('ERR syntax error');
    if (password === undefined) {
      throw new CommandError(
        'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
      );
    }
    assertUser(first);
    return OK;
  }),
  hello: control(-1, ([version, ...options], { session }) => {
    if (version !== undefined) assertProtocol(version);
    const name = parseHelloOptions(options);
    if (name !== undefined) session.name = name;
    return [
      ...['server', 'redis', 'version', SERVER_VERSION, 'proto', 2, 'id', session.id],
      ...['mode', 'standalone', 'role', 'master', 'modules', []],
    ];
  }),
  client: subcommands('client', {
    id: control(2, (_, { session }) => session.id),
    getname: control(2, (_, { session }) => session.name || null),
    setname: control(3, ([name = ''], { session }) => {
      session.name = name;
      return OK;
    }),
    setinfo: control(4, () => OK),
    info: control(2, (_, { session }) => describeClient(session.id, session.name, session.database)),
    list: control(-2, (_, { session }) => describeClient(session.id, session.name, session.database)),
    'no-evict': control(3, () => OK),
    'no-touch': control(3, () => OK),
  }),
};

/** RESP3 is refused the way that tells clients to go on with RESP2. */
function assertProtocol(version: string): void {
  const number = parseInteger(version, 'ERR Protocol version is not an integer or out of range');
  if (number !== 2) throw new CommandError('NOPROTO unsupported protocol version');
}

/** Returns the name that SETNAME gives the connection. */
function parseHelloOptions(options: readonly string[]): string | undefined {
  let name: string | undefined;
  for (let index = 0; index < options.length; index += 1) {
    const word = options[index] ?? '';
    if (word.toUpperCase() === 'AUTH' && index + 2 < options.length) {
      assertUser(options[index + 1] ?? '');
      index += 2;
    } else if (word.toUpperCase() === 'SETNAME' && index + 1 < options.length) {
      name = options[index + 1];
      index += 1;
    } else throw new CommandError(`ERR Syntax error in HELLO option '${word}'`);
  }
  return name;
}

function assertUser(user: string): void {
  if (user !== DEFAULT_USER) {
    throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.');
  }
}

function describeClient(id: number, name: string, database: number): Reply {
  return `id=${id} name=${name} db=${database} resp=2\n`;
}
