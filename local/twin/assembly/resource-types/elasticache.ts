import { CACHE_PORT, cacheHost } from '../deployed-endpoints.ts';
import type { Attribute } from '../resource-identity.ts';
import { honoured, withoutEffect } from '../support.ts';
import { namedArn, noEffect, ownName, type ResourceTypes, runs } from './resource-type.ts';

const address: Attribute = (resource) => cacheHost(resource);
const port: Attribute = () => String(CACHE_PORT);
const NO_LOGIN = 'the local cache asks for no login';

export const ELASTICACHE_TYPES: ResourceTypes = {
  'AWS::ElastiCache::ServerlessCache': runs({
    name: 'ServerlessCacheName',
    ref: ownName,
    attributes: {
      ARN: namedArn('elasticache', 'serverlesscache:'),
      'Endpoint.Address': address,
      'Endpoint.Port': port,
      'ReaderEndpoint.Address': address,
      'ReaderEndpoint.Port': port,
    },
    properties: {
      ...honoured('Engine', 'ServerlessCacheName'),
      ...withoutEffect(
        'CacheUsageLimits',
        'ConnectionType',
        'DailySnapshotTime',
        'Description',
        'Endpoint',
        'FinalSnapshotName',
        'KmsKeyId',
        'MajorEngineVersion',
        'NetworkType',
        'ReaderEndpoint',
        'SecurityGroupIds',
        'SnapshotArnsToRestore',
        'SnapshotRetentionLimit',
        'SubnetIds',
        'Tags',
        'UserGroupId',
      ),
    },
  }),
  'AWS::ElastiCache::User': noEffect(NO_LOGIN, {
    name: 'UserId',
    attributes: { Arn: namedArn('elasticache', 'user:') },
  }),
  'AWS::ElastiCache::UserGroup': noEffect(NO_LOGIN, {
    name: 'UserGroupId',
    attributes: { Arn: namedArn('elasticache', 'usergroup:') },
  }),
};
