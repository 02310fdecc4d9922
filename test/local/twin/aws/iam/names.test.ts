import { describe, expect, it } from 'vitest';
import { createNames } from '../../../../../local/twin/aws/iam/names.ts';
import { accountId, region, resource, secretArn } from '../../../../support/running-aws.ts';

const options = { region, accountId };

describe('createNames', () => {
  it('finds a secret by name, by ARN without its suffix, and by ARN', () => {
    const names = createNames([resource('AWS::SecretsManager::Secret', secretArn, {})], options);
    for (const id of ['database', secretArn.slice(0, -7), secretArn]) expect(names.secret(id)).toBe(secretArn);
  });

  it('asks the running services first, which know what came later', () => {
    const later = `${secretArn.slice(0, -15)}later-zzzzzz`;
    const key = 'arn:aws:kms:eu-west-1:000000000000:key/later';
    const lookups = { secretArn: (id: string) => (id === 'later' ? later : undefined), keyArn: () => key };
    const names = createNames([], { ...options, lookups });
    expect(names.secret('later')).toBe(later);
    expect(names.secret('never')).toBe('arn:aws:secretsmanager:eu-west-1:000000000000:secret:never-??????');
    expect(names.key('alias/later')).toBe(key);
  });

  it('knows the one WebSocket API of the template', () => {
    const api = (id: string, ProtocolType: string) => resource('AWS::ApiGatewayV2::Api', id, { ProtocolType });
    const stage = resource('AWS::ApiGatewayV2::Stage', 'dev', { ApiId: 'ws', StageName: 'dev' });
    expect(createNames([api('http', 'HTTP'), api('ws', 'WEBSOCKET'), stage], options).webSocketStage).toBe('ws/dev');
    expect(createNames([api('a', 'WEBSOCKET'), api('ws', 'WEBSOCKET'), stage], options).webSocketStage).toBeUndefined();
    expect(createNames([], options).webSocketStage).toBeUndefined();
  });

  it('knows the partition keys of tables and of their indexes, by name and by ARN', () => {
    const table = resource('AWS::DynamoDB::Table', 'posts', {
      KeySchema: [
        { AttributeName: 'post', KeyType: 'RANGE' },
        { AttributeName: 'author', KeyType: 'HASH' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'byTag', KeySchema: [{ AttributeName: 'tag', KeyType: 'HASH' }] }],
    });
    const names = createNames([table], options);
    expect(names.tableKey('posts', '')).toBe('author');
    expect(names.tableKey(names.table('posts'), 'byTag')).toBe('tag');
    expect(names.tableKey('posts', 'none')).toBeUndefined();
  });
});
