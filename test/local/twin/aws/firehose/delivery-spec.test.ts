import { describe, expect, it } from 'vitest';
import { deliverySpec } from '../../../../../local/twin/aws/firehose/delivery-spec.ts';
import { resource } from '../../../../support/running-aws.ts';

const destination = { BucketARN: 'arn:aws:s3:::archive', RoleARN: 'arn:aws:iam::111122223333:role/archive' };
const source = { KinesisStreamARN: 'arn:aws:kinesis:eu-west-1:111122223333:stream/events', RoleARN: 'r' };
const spec = (more: Record<string, unknown> = {}, properties: Record<string, unknown> = {}) =>
  deliverySpec(
    resource('AWS::KinesisFirehose::DeliveryStream', 'archive', {
      ExtendedS3DestinationConfiguration: { ...destination, ...more },
      ...properties,
    }),
    'arn:aws:firehose:eu-west-1:111122223333:deliverystream/archive',
  );

describe('deliverySpec', () => {
  it('has the defaults of Firehose', () => {
    expect(spec()).toMatchObject({
      ...{ bucket: 'archive', bufferBytes: 5 * 2 ** 20, bufferMs: 300_000, isCompressed: false, delimiter: '' },
      ...{ extension: '', encryption: {}, source: undefined },
    });
  });

  it('reads what a template says', () => {
    const BufferingHints = { IntervalInSeconds: '60', SizeInMBs: 64 };
    const EncryptionConfiguration = { KMSEncryptionConfig: { AWSKMSKeyARN: 'key' } };
    expect(
      spec(
        { BufferingHints, EncryptionConfiguration, CompressionFormat: 'GZIP' },
        { KinesisStreamSourceConfiguration: source, DeliveryStreamType: 'KinesisStreamAsSource' },
      ),
    ).toMatchObject({
      ...{ bufferBytes: 64 * 2 ** 20, bufferMs: 60_000, isCompressed: true, extension: '.gz' },
      encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key' },
      source: { streamArn: source.KinesisStreamARN, roleArn: 'r' },
    });
    expect(spec({ CompressionFormat: 'GZIP', FileExtension: '.json.gz' }).extension).toBe('.json.gz');
  });

  it.each([0, 129, 1.5, Number.NaN, Number.POSITIVE_INFINITY, -1, ''])('fails on %s MB', (SizeInMBs) => {
    expect(() => spec({ BufferingHints: { SizeInMBs } })).toThrow(
      /^delivery stream 'archive': BufferingHints.SizeInMBs must be a whole number from 1 to 128, got /,
    );
  });

  it.each([901, 0.5, Number.NaN, Number.POSITIVE_INFINITY, -1])('fails on %s seconds', (IntervalInSeconds) => {
    expect(() => spec({ BufferingHints: { IntervalInSeconds } })).toThrow(
      /^delivery stream 'archive': BufferingHints.IntervalInSeconds must be a whole number from 0 to 900, got /,
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ DynamicPartitioningConfiguration: { Enabled: true } }, 'the twin does not partition dynamically'],
    [{ DataFormatConversionConfiguration: { Enabled: true } }, 'the twin does not convert formats'],
    [{ S3BackupMode: 'Enabled' }, 'the twin keeps no backup of source records'],
    [{ CompressionFormat: 'ZIP' }, 'CompressionFormat must be UNCOMPRESSED or GZIP here, got ZIP'],
    [{ CustomTimeZone: 'Mars/Olympus' }, 'Invalid time zone specified: Mars/Olympus'],
    [{ Prefix: '!{timestamp:yyyy}/' }, 'a Prefix with expressions needs an ErrorOutputPrefix'],
    [
      { ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } },
      'the twin has no processor Lambda; it has AppendDelimiterToRecord',
    ],
  ])('fails on %j', (more, message) => {
    expect(() => spec(more)).toThrow(`delivery stream 'archive': ${message}`);
  });

  it('fails without a destination, or with a source that its type does not have', () => {
    expect(() => spec({}, { ExtendedS3DestinationConfiguration: undefined })).toThrow(
      "delivery stream 'archive': it needs an ExtendedS3DestinationConfiguration, the one destination of the twin",
    );
    for (const DeliveryStreamType of ['KinesisStreamAsSource', 'MSKAsSource']) {
      expect(() => spec({}, { DeliveryStreamType })).toThrow(
        `DeliveryStreamType must be DirectPut, or KinesisStreamAsSource with its configuration, got ${DeliveryStreamType}`,
      );
    }
  });
});
