import { type Command, type CommandContext, control, fitsArity } from './command.ts';
import { CommandError, type Reply } from './reply.ts';

/** A command that does nothing but hand on to its subcommands, whose arity counts both names. */
export function subcommands(name: string, table: Readonly<Record<string, Command>>): Command {
  const commands = new Map(Object.entries(table));
  return control(-2, ([word = '', ...args]: readonly string[], context: CommandContext): Reply => {
    const subcommand = commands.get(word.toLowerCase());
    if (subcommand === undefined) {
      throw new CommandError(`ERR unknown subcommand '${word.slice(0, 128)}'. Try ${name.toUpperCase()} HELP.`);
    }
    if (!fitsArity(subcommand, args.length + 2)) {
      throw new CommandError(`ERR wrong number of arguments for '${name}|${word.toLowerCase()}' command`);
    }
    return subcommand.run(args, context);
  });
}
