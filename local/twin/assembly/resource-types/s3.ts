import type { Attribute } from '../resource-identity.ts';
import { honoured, ignored, refused, withoutEffect } from '../support.ts';
import { noEffect, ownName, type ResourceTypes, runs } from './resource-type.ts';

/** A generated name in the form that buckets have to have. */
const bucketName: Attribute = (resource) => resource.property('BucketName') ?? resource.name.toLowerCase();
const domain =
  (suffix: (region: string) => string): Attribute =>
  (resource) =>
    `${String(bucketName(resource))}.${suffix(resource.region)}`;

export const S3_TYPES: ResourceTypes = {
  'AWS::S3::Bucket': runs({
    name: 'BucketName',
    ref: bucketName,
    attributes: {
      Arn: (resource) => `arn:aws:s3:::${String(bucketName(resource))}`,
      DomainName: domain(() => 's3.amazonaws.com'),
      DualStackDomainName: domain((region) => `s3.dualstack.${region}.amazonaws.com`),
      RegionalDomainName: domain((region) => `s3.${region}.amazonaws.com`),
    },
    properties: {
      // Of lifecycle rules, those that end objects and uploads; transitions between storage classes change nothing here.
      ...honoured('BucketEncryption', 'BucketName', 'CorsConfiguration', 'LifecycleConfiguration'),
      ...honoured('NotificationConfiguration'),
      ...ignored('the last version of an object is the only one', 'VersioningConfiguration'),
      ...refused('objects can always be replaced and deleted here', 'ObjectLockConfiguration', 'ObjectLockEnabled'),
      ...refused('objects are not copied to other buckets', 'ReplicationConfiguration'),
      ...refused('buckets are not served as web sites', 'WebsiteConfiguration'),
      ...refused('give the bucket a whole name instead', 'BucketNamePrefix', 'BucketNamespace'),
      ...ignored('nothing but the API changes objects here', 'IntelligentTieringConfigurations'),
      ...ignored('nothing is reported about objects', 'AnalyticsConfigurations', 'InventoryConfigurations'),
      ...ignored('nothing is reported about objects', 'LoggingConfiguration', 'MetadataConfiguration'),
      ...ignored('nothing is reported about objects', 'MetadataTableConfiguration', 'MetricsConfigurations'),
      // Whoever does not sign gets nothing, whatever lists of access and blocks of public access say.
      ...withoutEffect('AbacStatus', 'AccelerateConfiguration', 'AccessControl', 'OwnershipControls'),
      ...withoutEffect('PublicAccessBlockConfiguration', 'Tags'),
    },
  }),
  'AWS::S3::BucketPolicy': runs({
    ref: (resource) => resource.property('Bucket') ?? ownName(resource),
    properties: honoured('Bucket', 'PolicyDocument'),
  }),
  // What empties a bucket before CloudFormation deletes it.
  'Custom::S3AutoDeleteObjects': noEffect('nothing is deleted with a stack here'),
};
