import { type Command, type CommandGroup, control, read } from '../command.ts';
import { globMatch } from '../glob-match.ts';
import { OK, type Reply } from '../reply.ts';
import { SERVER_VERSION } from '../server-version.ts';
import { subcommands } from '../subcommands.ts';

/** What CONFIG GET answers: settings that clients and tools look at. Nothing can be set. */
const SETTINGS: Readonly<Record<string, string>> = {
  appendonly: 'no',
  databases: '16',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  save: '',
};

export const server: CommandGroup = {
  time: read(1, (_, { nowMs }) => {
    const seconds = Math.floor(nowMs / 1_000);
    return [String(seconds), String(Math.floor((nowMs - seconds * 1_000) * 1_000))];
  }),
  info: read(-1, (_, { databases }) => {
    const sizes = databases.flatMap((database, index) => {
      const keys = database.keys().length;
      return keys === 0 ? [] : [`db${index}:keys=${keys}`];
    });
    // Clients look at `loading` to learn whether the server is ready.
    const lines = ['# Server', `redis_version:${SERVER_VERSION}`, 'redis_mode:standalone', 'loading:0', 'role:master'];
    return `${[...lines, '# Keyspace', ...sizes].join('\r\n')}\r\n`;
  }),
  config: subcommands('config', {
    get: control(-3, (patterns) =>
      Object.entries(SETTINGS)
        .filter(([name]) => patterns.some((pattern) => globMatch(pattern.toLowerCase(), name)))
        .flat(),
    ),
    resetstat: control(2, () => OK),
  }),
  command: {
    arity: -1,
    access: 'read',
    refuse: (args) => (args.length === 0 ? undefined : commandOf.refuse?.(args)),
    run: (args, context) =>
      args.length === 0 ? describeAll(context.commands, [...context.commands.keys()]) : commandOf.run(args, context),
  },
};

const commandOf = subcommands('command', {
  count: control(2, (_, { commands }) => commands.size),
  list: control(2, (_, { commands }) => [...commands.keys()]),
  info: control(-2, (names, { commands }) => describeAll(commands, names.length > 0 ? names : [...commands.keys()])),
  docs: control(-2, () => []),
});

/** Name, arity and flags of each command. Positions of keys are left out: only clients of a cluster need them. */
function describeAll(commands: ReadonlyMap<string, Command>, names: readonly string[]): Reply {
  return names.map((name) => {
    const command = commands.get(name.toLowerCase());
    if (command === undefined) return null;
    const flag = { read: 'readonly', write: 'write', control: 'noscript' }[command.access];
    return [name.toLowerCase(), command.arity, [flag], 0, 0, 0];
  });
}
