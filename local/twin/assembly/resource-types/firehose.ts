import { honoured, refused, withoutEffect } from '../support.ts';
import { namedArn, ownName, type ResourceTypes, runs } from './resource-type.ts';

export const FIREHOSE_TYPES: ResourceTypes = {
  'AWS::KinesisFirehose::DeliveryStream': runs({
    name: 'DeliveryStreamName',
    ref: ownName,
    attributes: { Arn: namedArn('firehose', 'deliverystream/') },
    properties: {
      // Of a destination, dynamic partitioning, conversion of formats, backups and all processors but delimiters are refused.
      ...honoured('DeliveryStreamName', 'DeliveryStreamType', 'ExtendedS3DestinationConfiguration'),
      ...honoured('KinesisStreamSourceConfiguration'),
      ...refused(
        'use ExtendedS3DestinationConfiguration',
        'AmazonOpenSearchServerlessDestinationConfiguration',
        'AmazonopensearchserviceDestinationConfiguration',
        'ElasticsearchDestinationConfiguration',
        'HttpEndpointDestinationConfiguration',
        'IcebergDestinationConfiguration',
        'RedshiftDestinationConfiguration',
        'S3DestinationConfiguration',
        'SnowflakeDestinationConfiguration',
        'SplunkDestinationConfiguration',
      ),
      ...refused('records come from Kinesis or from calls', 'DatabaseSourceConfiguration', 'MSKSourceConfiguration'),
      ...withoutEffect('DeliveryStreamEncryptionConfigurationInput', 'DirectPutSourceConfiguration', 'Tags'),
    },
  }),
};
