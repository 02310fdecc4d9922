import { type Finding, neverImports, neverSays, type Rule } from './rule.ts';
import { isProperty } from './source-tokens.ts';
import type { SourceFile } from './source-tree.ts';

const LINES_MAX = 300;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/;
/** Names that say nothing of what is inside. */
const EMPTY_NAME = /(?:^|[-/])(?:utils?|helpers?|common)(?=[./]|$)/;

const isPure = (path: string) => /^(?:lambdas\/resilience|local\/twin\/(?:gateway|functions)\/model)\//.test(path);
const isLib = (path: string) => path.startsWith('lib/');
const isLambdas = (path: string) => path.startsWith('lambdas/');
const isHandler = (path: string) => isLambdas(path) && path.endsWith('/handler.ts');
const everywhere = () => true;

/** The row "forbidden", and how files are named and cut. */
export const fileRules: readonly Rule[] = [
  neverSays({
    id: 'pure-without-clock',
    sentence:
      'resilience and the models of gateway and functions know no clock, no chance and no waiting: time is a nowMs argument',
    applies: isPure,
    words: ['Date', 'Math.random', 'performance', 'async', 'await', 'setTimeout', 'setInterval'],
  }),
  neverSays({
    id: 'lib-without-await',
    sentence: 'lib never waits: constructs are made in one go',
    applies: isLib,
    words: ['await', 'async'],
  }),
  {
    id: 'environment',
    sentence: 'the environment is read in handler.ts alone, and never at synth',
    applies: (path) => isLib(path) || (isLambdas(path) && !isHandler(path)),
    findings: readsOfEnvironment,
  },
  neverSays({
    id: 'one-clock',
    sentence: 'lambdas takes the time from the clock it is given; only adapters/clock.ts looks at the machine’s',
    applies: (path) => isLambdas(path) && path !== 'lambdas/adapters/clock.ts',
    words: ['Date.now', 'new Date()', 'performance.now'],
  }),
  {
    id: 'no-default-export',
    sentence: 'exports have names, so that a thing is called the same everywhere',
    applies: everywhere,
    findings: ({ tokens }) =>
      tokens.flatMap((token, index) => {
        const next = tokens[index + 1];
        const isDefault =
          (token.text === 'export' && next?.text === 'default') ||
          (token.text === 'as' && next?.text === 'default' && /[,}]/.test(tokens[index + 2]?.text ?? ''));
        return isDefault && token.kind === 'word' ? [{ line: token.line, what: 'exports a default' }] : [];
      }),
  },
  {
    id: 'no-barrel',
    sentence: 'lib/index.ts is the only barrel; elsewhere a thing is imported from the file that is named after it',
    applies: (path) => path !== 'lib/index.ts',
    findings: ({ path }) => (/(?:^|\/)index\.\w+$/.test(path) ? [{ line: 1, what: 'is called index' }] : []),
  },
  neverSays({
    id: 'index-re-exports-only',
    sentence: 'lib/index.ts holds re-exports and nothing else',
    applies: (path) => path === 'lib/index.ts',
    words: ['import', 'const', 'let', 'function', 'class', 'interface'],
  }),
  {
    id: 'file-length',
    sentence: `a file has at most ${LINES_MAX} lines`,
    applies: everywhere,
    findings: ({ text }) => {
      const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
      return lines > LINES_MAX ? [{ line: LINES_MAX + 1, what: `has ${lines} lines` }] : [];
    },
  },
  {
    id: 'kebab-case',
    sentence: 'files and folders are named in kebab-case',
    applies: everywhere,
    findings: ({ path }) =>
      path.split('/').every((name) => KEBAB_CASE.test(name)) ? [] : [{ line: 1, what: 'is not named so' }],
  },
  {
    id: 'telling-name',
    sentence: 'no file or folder is called utils, helpers or common: a name says what is inside',
    applies: everywhere,
    findings: ({ path }) => (EMPTY_NAME.test(path) ? [{ line: 1, what: 'is called so' }] : []),
  },
];

const importsProcess = neverImports({
  id: '',
  sentence: '',
  applies: everywhere,
  never: ['node:process', 'process'],
});

/** `process.env`, `const { env } = process`, `process` handed on, or imported; not `process.pid` and its like. */
function readsOfEnvironment(file: SourceFile): readonly Finding[] {
  const reads = file.tokens.flatMap((token, index): Finding[] => {
    const [dot, property] = file.tokens.slice(index + 1, index + 3);
    if (token.kind !== 'word' || token.text !== 'process' || isProperty(file.tokens, index)) return [];
    const isOther = dot?.text === '.' && property?.text !== 'env';
    return isOther ? [] : [{ line: token.line, what: 'reads the environment' }];
  });
  return [...reads, ...importsProcess.findings(file)];
}
