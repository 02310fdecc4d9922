import { mayOnlyImport, neverImports, type Rule } from './rule.ts';

const inside =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder));
const always = (folder: string) => () => folder;
const isHandler = (path: string) => path.startsWith('lambdas/') && path.endsWith('/handler.ts');
/** `lambdas/services/feed/publish-post.ts` → `lambdas/services/feed/`; the authorizer has one folder less. */
const ownFunction = (path: string) => /^lambdas\/(?:authorizer|\w+\/[^/]+)\//.exec(path)?.[0] ?? path;

const SCHEMA_LIBRARY = 'valibot';
const MODEL = 'local/twin/gateway/model/';
const FUNCTIONS_MODEL = 'local/twin/functions/model/';
const CLIENTS = [
  '@aws-sdk/',
  '@smithy/',
  '@aws-crypto/',
  '@aws-lambda-powertools/',
  'iovalkey',
  'jose',
  'ulid',
  'cockatiel',
  'mediainfo.js',
  '@jsquash/',
  '@platformatic/kafka',
  'amqplib',
];

/** "Who may import whom". */
export const importRules: readonly Rule[] = [
  mayOnlyImport({
    id: 'contract-imports',
    sentence:
      'lambdas/contract imports nothing but itself and the schema library, since both sides of the wall share it',
    applies: inside('lambdas/contract/'),
    own: always('lambdas/contract/'),
    may: [SCHEMA_LIBRARY],
  }),
  mayOnlyImport({
    id: 'errors-imports',
    sentence: 'lambdas/errors imports nothing but itself',
    applies: inside('lambdas/errors/'),
    own: always('lambdas/errors/'),
    may: [],
  }),
  mayOnlyImport({
    id: 'resilience-imports',
    sentence: 'lambdas/resilience imports nothing from outside: pure state machines',
    applies: inside('lambdas/resilience/'),
    own: always('lambdas/resilience/'),
    may: [],
  }),
  mayOnlyImport({
    id: 'model-imports',
    sentence:
      'the models of gateway and functions import nothing from outside, so that the simulator runs the very same code',
    applies: inside(MODEL, FUNCTIONS_MODEL),
    own: (path) => (path.startsWith(MODEL) ? MODEL : FUNCTIONS_MODEL),
    may: [],
  }),
  mayOnlyImport({
    id: 'middleware-imports',
    sentence:
      'lambdas/middleware imports resilience, contract, errors, middy, the schema library and Node; adapters arrive as arguments, so only their types are imported',
    applies: inside('lambdas/middleware/'),
    own: always('lambdas/middleware/'),
    may: ['lambdas/resilience/', 'lambdas/contract/', 'lambdas/errors/', '@middy/', SCHEMA_LIBRARY, 'node:'],
    mayTypes: ['lambdas/adapters/', 'aws-lambda', '@aws-lambda-powertools/'],
  }),
  mayOnlyImport({
    id: 'adapters-imports',
    // Errors: an adapter refuses a forged cursor. Resilience: the limiter's insurance counts in this process.
    sentence:
      'lambdas/adapters imports contract, errors, resilience, the schema library, Node and the clients of outside things; never middleware or a service',
    applies: inside('lambdas/adapters/'),
    own: always('lambdas/adapters/'),
    may: ['lambdas/contract/', 'lambdas/errors/', 'lambdas/resilience/', SCHEMA_LIBRARY, 'node:', ...CLIENTS],
  }),
  mayOnlyImport({
    id: 'logic-imports',
    sentence:
      "a function's logic imports its own folder, the shared rooms of lambdas, and no client of AWS or Valkey, which are the adapters' business; one service never imports another",
    applies: (path) => inside('lambdas/authorizer/', 'lambdas/services/', 'lambdas/workers/')(path) && !isHandler(path),
    own: ownFunction,
    may: [
      ...['lambdas/contract/', 'lambdas/errors/', 'lambdas/resilience/', 'lambdas/middleware/', 'lambdas/adapters/'],
      ...[SCHEMA_LIBRARY, 'jose', 'ulid', '@middy/', '@aws-lambda-powertools/', 'node:'],
    ],
    mayTypes: ['aws-lambda'],
  }),
  mayOnlyImport({
    id: 'handler-imports',
    sentence:
      'handler.ts imports from all of lambdas, the schema library, middy and Powertools: it wires, and the adapters hold the clients',
    applies: isHandler,
    own: always('lambdas/'),
    may: [SCHEMA_LIBRARY, '@middy/', '@aws-lambda-powertools/'],
    mayTypes: ['aws-lambda'],
  }),
  {
    id: 'lambdas-rooms',
    sentence: 'everything in lambdas is in one of its rooms, which have rules of their own',
    applies: inside('lambdas/'),
    findings: ({ path }) =>
      /^lambdas\/(?:contract|errors|resilience|middleware|adapters|authorizer|services\/[^/]+|workers\/[^/]+)\/./.test(
        path,
      )
        ? []
        : [{ line: 1, what: 'is in none of them' }],
  },
  neverImports({
    id: 'lambdas-without-cdk',
    sentence: 'lambdas never imports aws-cdk-lib or constructs: it runs in AWS, they run at synth',
    applies: inside('lambdas/'),
    never: ['aws-cdk-lib', 'constructs', '@aws-cdk/', 'cdk-nag'],
  }),
  mayOnlyImport({
    id: 'lib-imports',
    sentence:
      'lib imports itself, lambdas/contract, the CDK, the schema library, esbuild and Node; handlers it reaches by path, and the AWS SDK not at all',
    applies: inside('lib/'),
    own: always('lib/'),
    may: ['lambdas/contract/', 'aws-cdk-lib', 'constructs', '@valibot/', SCHEMA_LIBRARY, 'esbuild', 'node:'],
  }),
  neverImports({
    id: 'local-without-lib',
    sentence: 'local never imports lib or the CDK: the synthesized template is the only thing the twin runs',
    applies: inside('local/'),
    never: ['lib/', 'aws-cdk-lib', 'constructs', '@aws-cdk/', 'cdk-nag'],
  }),
  neverImports({
    id: 'local-without-lambdas',
    sentence:
      'of lambdas, local imports only resilience and contract; the rest runs as the bundles in the cloud assembly',
    applies: inside('local/'),
    never: [
      ...['lambdas/adapters/', 'lambdas/middleware/', 'lambdas/errors/'],
      ...['lambdas/authorizer/', 'lambdas/services/', 'lambdas/workers/'],
    ],
  }),
  neverImports({
    id: 'nobody-imports-bin',
    sentence: 'nobody imports bin, which is what a person runs, but its own files and tests',
    applies: (path) => !inside('bin/', 'test/')(path),
    never: ['bin/'],
  }),
  neverImports({
    id: 'nobody-imports-test',
    sentence: 'nobody imports test but tests',
    applies: (path) => !inside('test/')(path),
    never: ['test/', 'vitest', 'fast-check'],
  }),
];
