import { type CommandGroup, read, write } from '../command.ts';
import { globMatch } from '../glob-match.ts';
import { parseInteger, SYNTAX_ERROR } from '../parse-argument.ts';
import { CommandError, OK, type Reply, Status } from '../reply.ts';

export const keys: CommandGroup = {
  del: write(-2, (names, { store }) => names.filter((key) => store.delete(key)).length),
  unlink: write(-2, (names, { store }) => names.filter((key) => store.delete(key)).length),
  exists: read(-2, (names, { store }) => names.filter((key) => store.has(key)).length),
  type: read(2, ([key = ''], { store }) => new Status(store.type(key) ?? 'none')),
  keys: read(2, ([pattern = ''], { store }) => store.keys().filter((key) => globMatch(pattern, key))),
  scan: read(-2, ([cursor = '', ...options], { store }) =>
    scan(cursor, options, store.keys(), (key) => store.type(key)),
  ),
  dbsize: read(1, (_, { store }) => store.keys().length),
  flushdb: write(-1, (options, { store }) => {
    assertFlushOptions(options);
    store.clear();
    return OK;
  }),
  flushall: write(-1, (options, { databases }) => {
    assertFlushOptions(options);
    for (const database of databases) database.clear();
    return OK;
  }),
};

/**
 * All matches in one answer, with the cursor that says "finished": COUNT is a hint, and a snapshot keeps SCAN's
 * promise (what is there from beginning to end is returned) without any state.
 */
function scan(
  cursor: string,
  options: readonly string[],
  names: readonly string[],
  typeOf: (key: string) => string | undefined,
): Reply {
  if (!/^\d+$/.test(cursor)) throw new CommandError('ERR invalid cursor');
  let isWanted = (_key: string): boolean => true;
  for (let index = 0; index < options.length; index += 2) {
    const word = options[index]?.toUpperCase();
    const value = options[index + 1];
    const isWantedSoFar = isWanted;
    if (value === undefined) throw new CommandError(SYNTAX_ERROR);
    if (word === 'MATCH') isWanted = (key) => isWantedSoFar(key) && globMatch(value, key);
    else if (word === 'TYPE') isWanted = (key) => isWantedSoFar(key) && typeOf(key) === value.toLowerCase();
    else if (word !== 'COUNT' || parseInteger(value) < 1) throw new CommandError(SYNTAX_ERROR);
  }
  return ['0', cursor === '0' ? names.filter((key) => isWanted(key)) : []];
}

function assertFlushOptions(options: readonly string[]): void {
  const [word, ...rest] = options;
  if (rest.length > 0 || (word !== undefined && !/^(?:a?sync)$/i.test(word))) throw new CommandError(SYNTAX_ERROR);
}
