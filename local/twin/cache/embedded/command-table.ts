import type { Command, CommandGroup } from './command.ts';
import { connection } from './commands/connection.ts';
import { counters } from './commands/counters.ts';
import { expiry } from './commands/expiry.ts';
import { hashes } from './commands/hashes.ts';
import { keys } from './commands/keys.ts';
import { lists } from './commands/lists.ts';
import { scripting } from './commands/scripting.ts';
import { server } from './commands/server.ts';
import { sets } from './commands/sets.ts';
import { sortedSetRanges } from './commands/sorted-set-ranges.ts';
import { sortedSets } from './commands/sorted-sets.ts';
import { strings } from './commands/strings.ts';
import { transactions } from './commands/transactions.ts';

const GROUPS: readonly CommandGroup[] = [
  connection,
  server,
  keys,
  expiry,
  strings,
  counters,
  hashes,
  lists,
  sets,
  sortedSets,
  sortedSetRanges,
  scripting,
  transactions,
];

/** Every command of the embedded server, by its name in lower case. A map, so that `constructor` is no command. */
export const commandTable: ReadonlyMap<string, Command> = new Map(GROUPS.flatMap((group) => Object.entries(group)));
