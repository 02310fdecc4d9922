import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CodeStore } from '../../../../local/twin/functions/function-code.ts';
import { inlineLambda, lambdaAt, RunningFunctions, resourceOf } from '../../../support/running-functions.ts';
import { zipArchive } from '../../../support/zip-archive.ts';

describe('code of a function', () => {
  const running = new RunningFunctions();

  afterEach(() => running.close());

  it('is run from text in the template, as the CommonJS file index.js', async () => {
    running.start([inlineLambda('exports.handler = async () => __filename.split("/").at(-1)')]);
    expect(await running.call('inline')).toBe('index.js');
  });

  it('is run from an asset that is a zip archive', async () => {
    const archive = join(running.bundle({}), 'asset.zip');
    writeFileSync(
      archive,
      zipArchive({
        'index.mjs': "export { handler } from './lib/answer.mjs'",
        'lib/answer.mjs': 'export const handler = async () => process.cwd()',
      }),
    );
    running.start([lambdaAt(archive)]);
    const directory = await running.call<string>('bundle');
    expect(existsSync(join(directory, 'lib/answer.mjs'))).toBe(true);
    await running.close();
    expect(existsSync(directory)).toBe(false);
  });

  it('fails each invocation in a sentence where the archive cannot be read', async () => {
    const archive = join(running.bundle({ 'asset.zip': 'broken' }), 'asset.zip');
    running.start([lambdaAt(archive)]);
    expect(await running.failure('bundle')).toBe(
      `ServiceException: the code asset ${archive} cannot be unpacked: it is not a readable zip archive`,
    );
  });
});

describe('CodeStore', () => {
  it('unpacks the same code once', () => {
    const store = new CodeStore();
    const first = store.directoryOf({ kind: 'inline', text: 'a' });
    expect(store.directoryOf({ kind: 'inline', text: 'a' })).toBe(first);
    expect(store.directoryOf({ kind: 'inline', text: 'b' })).not.toBe(first);
    store.remove();
  });
});

describe('layers of a function', () => {
  const running = new RunningFunctions();
  const layerArn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:layer:${name}:1`;
  const layer = (name: string, files: Readonly<Record<string, string>>) => ({
    ...resourceOf('AWS::Lambda::LayerVersion', layerArn(name), {}),
    metadata: { 'aws:asset:path': running.bundle(files) },
  });
  const module = (text: string) => ({
    'nodejs/node_modules/greeting/index.js': `module.exports = ${JSON.stringify(text)}`,
    'nodejs/node_modules/greeting/package.json': '{"name":"greeting","main":"index.js"}',
  });

  afterEach(() => running.close());

  it.each([
    ['a CommonJS module', { 'index.cjs': "exports.handler = async () => require('greeting')" }],
    ['an ES module', { 'index.mjs': "import greeting from 'greeting'; export const handler = async () => greeting" }],
  ])('are where %s finds its packages', async (_, files) => {
    const Layers = [layerArn('base')];
    running.start([lambdaAt(running.bundle(files), { Layers }), layer('base', module('hello'))]);
    expect(await running.call('bundle')).toBe('hello');
  });

  it('cover each other: a later one an earlier, and the folder of the runtime the one of all', async () => {
    const files = { 'index.cjs': "exports.handler = async () => [require('greeting'), require('other')]" };
    const Layers = [layerArn('first'), layerArn('second')];
    const other = (folder: string, text: string) => ({ [`nodejs/${folder}other.js`]: `module.exports = '${text}'` });
    running.start([
      lambdaAt(running.bundle(files), { Layers }),
      layer('first', { ...module('first'), ...other('node_modules/', 'all') }),
      layer('second', {
        ...module('second'),
        ...other('node24/node_modules/', 'node24'),
        ...other('node_modules/', 'all'),
      }),
    ]);
    expect(await running.call('bundle')).toEqual(['second', 'node24']);
  });

  it('do not cover what the bundle has itself', async () => {
    const files = {
      'index.cjs': "exports.handler = async () => require('greeting')",
      'node_modules/greeting/index.js': "module.exports = 'own'",
    };
    running.start([lambdaAt(running.bundle(files), { Layers: [layerArn('base')] }), layer('base', module('hello'))]);
    expect(await running.call('bundle')).toBe('own');
  });

  it('may hold the handler', async () => {
    const Layers = [layerArn('base')];
    const wrapper = { 'nodejs/wrapper.js': "exports.handler = async () => 'wrapped'" };
    running.start([
      lambdaAt(running.bundle({}), { Layers, Handler: '/opt/nodejs/wrapper.handler' }),
      layer('base', wrapper),
    ]);
    expect(await running.call('bundle')).toBe('wrapped');
  });

  it('are left out with a notice where they are not in the assembly', async () => {
    const Layers = [layerArn('insights')];
    running.start([inlineLambda('exports.handler = async () => 1', { Layers })]);
    expect(await running.call('inline')).toBe(1);
    expect(running.notices).toEqual([
      `inline: layer ${layerArn('insights')} is not in the assembly; what it holds is missing here`,
    ]);
  });
});
