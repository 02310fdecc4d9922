import { type Caller, type CommandContext, type CommandGroup, control } from '../command.ts';
import { NOT_AN_INTEGER, parseInteger } from '../parse-argument.ts';
import { CommandError, OK, type Reply } from '../reply.ts';
import { subcommands } from '../subcommands.ts';

export const scripting: CommandGroup = {
  eval: control(-3, (args, context) => evaluate(context.scripts.load(args[0] ?? ''), args, context, 'script')),
  eval_ro: control(-3, (args, context) =>
    evaluate(context.scripts.load(args[0] ?? ''), args, context, 'read-only script'),
  ),
  evalsha: control(-3, (args, context) => evaluate(keptSha(args[0] ?? '', context), args, context, 'script')),
  evalsha_ro: control(-3, (args, context) =>
    evaluate(keptSha(args[0] ?? '', context), args, context, 'read-only script'),
  ),
  script: subcommands('script', {
    load: control(3, ([source = ''], { scripts }) => scripts.load(source)),
    exists: control(-3, (shas, { scripts }) => shas.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0))),
    flush: control(-2, (_, { scripts }) => {
      scripts.forgetAll();
      return OK;
    }),
  }),
};

/** Runs a script to its end: nothing else runs in between, which is what makes scripts atomic. */
function evaluate(sha: string, args: readonly string[], context: CommandContext, caller: Caller): Reply {
  const [, countText = '', ...rest] = args;
  const keyCount = parseInteger(countText, NOT_AN_INTEGER);
  if (keyCount > rest.length) throw new CommandError("ERR Number of keys can't be greater than number of args");
  if (keyCount < 0) throw new CommandError("ERR Number of keys can't be negative");
  const { session } = context;
  const selected = session.database;
  try {
    return context.scripts.run(sha, rest.slice(0, keyCount), rest.slice(keyCount), (request) =>
      context.call(request, caller),
    );
  } finally {
    // A script may SELECT; the choice ends with it.
    session.database = selected;
  }
}

function keptSha(text: string, { scripts }: CommandContext): string {
  const sha = text.toLowerCase();
  if (!scripts.has(sha)) throw new CommandError('NOSCRIPT No matching script. Please use EVAL.');
  return sha;
}
