import { type Command, control, fitsArity } from './command.ts';
import { CommandError } from './reply.ts';

/** A command that does nothing but hand on to its subcommands, whose arity counts both names. */
export function subcommands(name: string, table: Readonly<Record<string, Command>>): Command {
  const commands = new Map(Object.entries(table));
  const refuse = ([word = '', ...args]: readonly string[]): CommandError | undefined => {
    const subcommand = commands.get(word.toLowerCase());
    if (subcommand === undefined) {
      return new CommandError(`ERR unknown subcommand '${word.slice(0, 128)}'. Try ${name.toUpperCase()} HELP.`);
    }
    if (fitsArity(subcommand, args.length + 2)) return undefined;
    return new CommandError(`ERR wrong number of arguments for '${name}|${word.toLowerCase()}' command`);
  };
  const { arity, access, run } = control(-2, ([word = '', ...args], context) => {
    return commands.get(word.toLowerCase())?.run(args, context) ?? null;
  });
  return { arity, access, run, refuse };
}
