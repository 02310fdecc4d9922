import { afterEach, describe, expect, it } from 'vitest';
import { inlineLambda, lambda, lambdaAt, RunningFunctions } from '../../../../support/running-functions.ts';

const answer = (text: string) => `exports.handler = async () => '${text}'`;
const esm = (text: string) => `export const handler = async () => '${text}'`;

describe('loadHandler', () => {
  const running = new RunningFunctions();
  const start = (files: Readonly<Record<string, string>>, properties: Record<string, unknown> = {}) =>
    running.start([lambdaAt(running.bundle(files), properties)]);

  afterEach(() => running.close());

  it.each([
    ['index.js without a package.json as CommonJS', { 'index.js': answer('a') }],
    ['index.js without a package.json as an ES module, where its syntax says so', { 'index.js': esm('a') }],
    ['index.js as its package.json says', { 'index.js': esm('a'), 'package.json': '{"type":"module"}' }],
    ['index.js of a package of CommonJS', { 'index.js': answer('a'), 'package.json': '{"name":"x"}' }],
    ['index.mjs', { 'index.mjs': esm('a') }],
    ['index.cjs, whatever the package.json says', { 'index.cjs': answer('a'), 'package.json': '{"type":"module"}' }],
    ['a default export with the handler in it', { 'index.mjs': "export default { handler: async () => 'a' }" }],
    [
      'scripts that require each other',
      { 'index.js': "exports.handler = require('./b').handler", 'b.js': answer('a') },
    ],
    ['modules that import scripts', { 'index.mjs': "export { handler } from './b.js'", 'b.js': esm('a') }],
  ])('loads %s', async (_, files) => {
    start(files);
    expect(await running.call('bundle')).toBe('a');
  });

  it.each([
    ['in a folder', 'src/app.handler', { 'src/app.js': answer('a') }],
    ['by the path that it has in AWS', '/var/task/src/app.handler', { 'src/app.js': answer('a') }],
    ['inside of an exported object', 'index.api.feed', { 'index.js': "exports.api = { feed: async () => 'a' }" }],
  ])('finds a handler %s', async (_, Handler, files) => {
    start(files, { Handler });
    expect(await running.call('bundle')).toBe('a');
  });

  it('takes a script with module syntax for CommonJS before Node 24, as Lambda does', async () => {
    start({ 'index.js': esm('a') }, { Runtime: 'nodejs22.x' });
    expect(await running.failure('bundle')).toBe("Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token 'export'");
  });

  it.each([
    [
      'a handler name without an export',
      'index',
      /^Runtime\.MalformedHandlerName: Bad handler 'index': expected 'file\.export'$/,
    ],
    [
      'a handler name that leaves the bundle',
      '../index.handler',
      /^Runtime\.MalformedHandlerName: '\.\.\/index\.handler' is not a valid handler name\. Use absolute paths when specifying root directories in handler names\.$/,
    ],
    [
      'a file that is not there',
      'app.handler',
      /^Runtime\.ImportModuleError: Error: Cannot find module 'app'\nRequire stack:\n- \/var\/runtime\/index\.mjs$/,
    ],
    [
      'an export that is not there',
      'index.main',
      /^Runtime\.HandlerNotFound: index\.main is undefined or not exported$/,
    ],
    ['an export that is no function', 'index.text', /^Runtime\.HandlerNotFound: index\.text is not a function$/],
  ])('fails on %s', async (_, Handler, message) => {
    running.start([lambda('faults', { Handler })]);
    expect(await running.failure('faults')).toMatch(message);
  });

  it.each([
    [
      'a syntax error',
      'exports.handler = async () => {',
      'Runtime.UserCodeSyntaxError: SyntaxError: Unexpected end of input',
    ],
    ['what it throws itself', "throw new TypeError('no table')", 'TypeError: no table'],
    [
      'a missing file',
      "require('./gone')",
      /^Runtime\.ImportModuleError: Error: Cannot find module '\.\/gone'\nRequire stack:\n- .*index\.js/,
    ],
    [
      'a streaming handler',
      'exports.handler = awslambda.streamifyResponse(async () => {})',
      'Runtime.InvalidStreamingOperation: index.handler streams its response (awslambda.streamifyResponse), which the twin does not run: return the response instead',
    ],
  ])('fails on %s while the bundle loads', async (_, code, message) => {
    running.start([inlineLambda(code)]);
    expect(await running.failure('inline')).toMatch(message);
  });

  it('fails on a callback handler for Node 24', async () => {
    running.start([lambda('callback')]);
    expect(await running.failure('callback')).toBe(
      'Runtime.CallbackHandlerDeprecated: index.handler takes a callback, which Node.js 24 no longer has in Lambda: make it async and return the result',
    );
  });
});

describe('packages of a bundle', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('are its own', async () => {
    const files = {
      'index.mjs': "import text from 'greeting'; export const handler = async () => text",
      'node_modules/greeting/index.js': "module.exports = 'own'",
    };
    running.start([lambdaAt(running.bundle(files))]);
    expect(await running.call('bundle')).toBe('own');
  });

  it.each([
    ['an ES module', 'unbundled', /^Error: Cannot find package 'ulid' imported from .*index\.mjs$/],
    [
      'a script',
      "require('ulid')",
      /^Runtime\.ImportModuleError: Error: Cannot find module 'ulid'\nRequire stack:\n- .*index\.js$/,
    ],
  ])('fails in %s on one that only the project around it has, in the words of Lambda', async (_, code, message) => {
    const isFixture = code === 'unbundled';
    running.start([isFixture ? lambda('unbundled') : inlineLambda(code, {}, 'unbundled')]);
    expect(await running.failure('unbundled')).toMatch(message);
  });

  it.each([
    [
      'an ES module',
      {
        'index.mjs':
          "import { SQSClient } from '@aws-sdk/client-sqs'; export const handler = async () => SQSClient.name",
      },
    ],
    ['a script', { 'index.js': "exports.handler = async () => require('@aws-sdk/client-sqs').SQSClient.name" }],
  ])('need not have the SDK, which the runtime provides to %s', async (_, files) => {
    running.start([lambdaAt(running.bundle(files))]);
    expect(await running.call('bundle')).toBe('SQSClient');
  });

  it('fails on a client of the SDK that is not installed here, and says how to install it', async () => {
    running.start([inlineLambda("require('@aws-sdk/client-ses')")]);
    expect(await running.failure('inline')).toMatch(
      /^Runtime\.ImportModuleError: Error: Cannot find package '@aws-sdk\/client-ses' imported from .*index\.js: Lambda's runtime provides it, the twin takes it from this project, which does not have it; npm install --save-dev @aws-sdk\/client-ses$/,
    );
  });
});
