import { DatabaseSync } from 'node:sqlite';
import * as sdk from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReference } from '../../../../../local/twin/aws/ssm/read-reference.ts';
import { type SsmRoom, startSsm } from '../../../../../local/twin/aws/ssm/ssm-room.ts';
import { resource } from '../../../../support/running-aws.ts';
import { type RunningService, runService } from '../../../../support/running-service.ts';

const template = (Value: string, more: object = {}) =>
  resource('AWS::SSM::Parameter', '/app/url', { Type: 'String', Value, ...more });

describe('ssm service', () => {
  let running: RunningService<SsmRoom>;
  let ssm: sdk.SSMClient;

  beforeEach(async () => {
    running = await runService(startSsm, { name: 'ssm', resources: [template('one', { Tags: { team: 'core' } })] });
    ssm = new sdk.SSMClient(running.client());
  });
  afterEach(() => running.close());

  const put = (Name: string, Value: string, more: Partial<sdk.PutParameterCommandInput> = {}) =>
    ssm.send(new sdk.PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true, ...more }));
  const get = async (Name: string, WithDecryption?: boolean) =>
    (await ssm.send(new sdk.GetParameterCommand({ Name, WithDecryption }))).Parameter;

  it('has the parameter of the template, and a new version of it when the template says another value', async () => {
    expect(await get('/app/url')).toMatchObject({
      Name: '/app/url',
      Value: 'one',
      Version: 1,
      ARN: 'arn:aws:ssm:eu-west-1:000000000000:parameter/app/url',
      DataType: 'text',
    });
    await put('/app/url', 'by hand');
    await running.room.provision([template('one')]);
    expect(await get('/app/url')).toMatchObject({ Value: 'by hand', Version: 2 });
    await running.room.provision([template('two')]);
    expect(await get('/app/url')).toMatchObject({ Value: 'two', Version: 3 });
  });

  it('picks versions by number and by label, also by ARN', async () => {
    await put('/app/url', 'two');
    const label = { Name: '/app/url', ParameterVersion: 1, Labels: ['stable', '1bad'] };
    expect((await ssm.send(new sdk.LabelParameterVersionCommand(label))).InvalidLabels).toEqual(['1bad']);
    const arn = 'arn:aws:ssm:eu-west-1:000000000000:parameter/app/url';
    const values = await Promise.all(
      ['/app/url', '/app/url:1', '/app/url:2', '/app/url:stable', arn, `${arn}:1`].map(
        async (name) => (await get(name))?.Value,
      ),
    );
    expect(values).toEqual(['two', 'one', 'two', 'one', 'two', 'one']);
    expect((await get('/app/url:stable'))?.Selector).toBe(':stable');
  });

  it('moves a label to another version', async () => {
    await put('/app/url', 'two');
    for (const ParameterVersion of [1, 2]) {
      await ssm.send(new sdk.LabelParameterVersionCommand({ Name: '/app/url', ParameterVersion, Labels: ['stable'] }));
    }
    const { Parameters } = await ssm.send(new sdk.GetParameterHistoryCommand({ Name: '/app/url' }));
    expect(Parameters?.map(({ Labels }) => Labels)).toEqual([[], ['stable']]);
  });

  it('tells a SecureString in clear only when asked to', async () => {
    await put('/app/key', 'secret', { Type: 'SecureString' });
    expect((await get('/app/key', true))?.Value).toBe('secret');
    expect((await get('/app/key'))?.Value).not.toContain('secret');
  });

  it('reads several at once, and says which are not there', async () => {
    const { Parameters, InvalidParameters } = await ssm.send(
      new sdk.GetParametersCommand({ Names: ['/app/url', 'none', '/app/url:9'] }),
    );
    expect([Parameters?.map(({ Value }) => Value), InvalidParameters]).toEqual([['one'], ['none', '/app/url:9']]);
  });

  it('reads by path, one level or all, page by page', async () => {
    await put('/app/db/host', 'h');
    await put('/app/name', 'n');
    await put('/application', 'x');
    const names = async (more: object) =>
      (await ssm.send(new sdk.GetParametersByPathCommand({ Path: '/app', ...more }))).Parameters?.map(
        ({ Name }) => Name,
      );
    expect(await names({})).toEqual(['/app/name', '/app/url']);
    expect(await names({ Recursive: true })).toEqual(['/app/db/host', '/app/name', '/app/url']);
    const first = await ssm.send(new sdk.GetParametersByPathCommand({ Path: '/app', MaxResults: 1 }));
    expect(await names({ NextToken: first.NextToken })).toEqual(['/app/url']);
  });

  it('describes by filters, and tags', async () => {
    await put('/app/list', 'a,b', { Type: 'StringList' });
    const described = async (...ParameterFilters: sdk.ParameterStringFilter[]) =>
      (await ssm.send(new sdk.DescribeParametersCommand({ ParameterFilters }))).Parameters?.map(({ Name }) => Name);
    expect(await described({ Key: 'Type', Values: ['StringList'] })).toEqual(['/app/list']);
    expect(await described({ Key: 'Name', Option: 'BeginsWith', Values: ['/app/u'] })).toEqual(['/app/url']);
    expect(await described({ Key: 'tag:team', Values: ['core'] })).toEqual(['/app/url']);
    const tags = { ResourceType: 'Parameter', ResourceId: '/app/url' } as const;
    await ssm.send(new sdk.AddTagsToResourceCommand({ ...tags, Tags: [{ Key: 'a', Value: 'b' }] }));
    await ssm.send(new sdk.RemoveTagsFromResourceCommand({ ...tags, TagKeys: ['team'] }));
    expect((await ssm.send(new sdk.ListTagsForResourceCommand(tags))).TagList).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('deletes', async () => {
    await put('/app/other', 'x');
    await ssm.send(new sdk.DeleteParameterCommand({ Name: '/app/other' }));
    const { DeletedParameters, InvalidParameters } = await ssm.send(
      new sdk.DeleteParametersCommand({ Names: ['/app/url', '/app/other'] }),
    );
    expect([DeletedParameters, InvalidParameters]).toEqual([['/app/url'], ['/app/other']]);
  });

  it('keeps a hundred versions, and fails where the oldest has a label', async () => {
    for (let index = 0; index < 100; index += 1) await put('/app/url', `value ${index}`);
    expect((await ssm.send(new sdk.GetParameterHistoryCommand({ Name: '/app/url' }))).Parameters?.[0]?.Version).toBe(2);
    await ssm.send(new sdk.LabelParameterVersionCommand({ Name: '/app/url', ParameterVersion: 2, Labels: ['kept'] }));
    await expect(put('/app/url', 'one more')).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
  });

  it('finds its parameters again in the database', async () => {
    const database = new DatabaseSync(':memory:');
    const first = await runService(startSsm, { name: 'ssm', resources: [template('one')], database });
    await first.close();
    const second = await runService(startSsm, { name: 'ssm', resources: [template('one')], database });
    expect(second.room.store.select('/app/url').version.version).toBe(1);
    await second.close();
  });

  it('gives dynamic references their values, and fails where they ask for the other kind', async () => {
    const { store } = running.room;
    await put('/app/key', 'secret', { Type: 'SecureString' });
    expect(readReference(store, { name: '/app/url', version: '1', isSecure: false })).toBe('one');
    expect(readReference(store, { name: '/app/key', isSecure: true })).toBe('secret');
    expect(() => readReference(store, { name: '/app/key', isSecure: false })).toThrow(
      'parameter /app/key is a SecureString; use {{resolve:ssm-secure:…}}',
    );
  });
});
