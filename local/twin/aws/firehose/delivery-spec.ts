import type { ResolvedResource } from '../../assembly/resolved-resource.ts';
import { TwinError } from '../../twin-error.ts';
import { checkErrorPrefix, type EvaluatePrefix, objectPrefix } from './object-prefix.ts';
import { type ProcessingProperty, recordDelimiter } from './record-delimiter.ts';
import { type FormatTime, timestampFormat } from './timestamp-format.ts';

/** A delivery stream as the template declares it. */
export interface DeliverySpec {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** `undefined`: records are put by calls. */
  readonly source: { readonly streamArn: string; readonly roleArn: string } | undefined;
  readonly bucket: string;
  /** Writes the objects. */
  readonly roleArn: string;
  readonly bufferBytes: number;
  readonly bufferMs: number;
  readonly isCompressed: boolean;
  /** Put behind each record. */
  readonly delimiter: string;
  readonly prefix: EvaluatePrefix;
  /** The time in an object's name. */
  readonly suffixTime: FormatTime;
  /** `.gz` */
  readonly extension: string;
  /** Members of PutObject. */
  readonly encryption: Readonly<Record<string, string>>;
}

interface DestinationProperty {
  readonly BucketARN: string;
  readonly BufferingHints?: { readonly IntervalInSeconds?: number | string; readonly SizeInMBs?: number | string };
  readonly CompressionFormat?: string;
  readonly CustomTimeZone?: string;
  readonly DataFormatConversionConfiguration?: { readonly Enabled?: boolean | string };
  readonly DynamicPartitioningConfiguration?: { readonly Enabled?: boolean | string };
  readonly EncryptionConfiguration?: { readonly KMSEncryptionConfig?: { readonly AWSKMSKeyARN?: string } };
  readonly ErrorOutputPrefix?: string;
  readonly FileExtension?: string;
  readonly Prefix?: string;
  readonly ProcessingConfiguration?: ProcessingProperty;
  readonly RoleARN: string;
  readonly S3BackupMode?: string;
}

interface DeliveryStreamProperties {
  readonly DeliveryStreamType?: string;
  readonly ExtendedS3DestinationConfiguration?: DestinationProperty;
  readonly KinesisStreamSourceConfiguration?: { readonly KinesisStreamARN: string; readonly RoleARN: string };
}

type Refuse = (what: string) => never;

/** "BufferingHints": 1 to 128 MiB, 5 by default, and up to 900 seconds, 300 by default. */
const BUFFER_MB = { min: 1, max: 128, otherwise: 5 };
const BUFFER_SECONDS = { min: 0, max: 900, otherwise: 300 };

/** Reads a delivery stream. @throws TwinError that names it, where AWS would refuse it or the twin cannot do it. */
export function deliverySpec({ logicalId, physicalId, properties }: ResolvedResource, arn: string): DeliverySpec {
  const refuse: Refuse = (what) => {
    throw new TwinError('invalid-delivery-stream', `delivery stream '${logicalId}': ${what}`);
  };
  const { KinesisStreamSourceConfiguration, ...given } = properties as DeliveryStreamProperties;
  const destination = given.ExtendedS3DestinationConfiguration;
  if (!destination) return refuse('it needs an ExtendedS3DestinationConfiguration, the one destination of the twin');
  const type = given.DeliveryStreamType ?? (KinesisStreamSourceConfiguration ? 'KinesisStreamAsSource' : 'DirectPut');
  const isFromStream = type === 'KinesisStreamAsSource';
  if ((!isFromStream && type !== 'DirectPut') || isFromStream !== (KinesisStreamSourceConfiguration !== undefined)) {
    refuse(`DeliveryStreamType must be DirectPut, or KinesisStreamAsSource with its configuration, got ${type}`);
  }
  refuseWhatIsNotThere(destination, refuse);
  const { CompressionFormat = 'UNCOMPRESSED', BufferingHints = {}, CustomTimeZone = 'UTC', Prefix = '' } = destination;
  if (CompressionFormat !== 'UNCOMPRESSED' && CompressionFormat !== 'GZIP') {
    refuse(`CompressionFormat must be UNCOMPRESSED or GZIP here, got ${CompressionFormat}`);
  }
  const isCompressed = CompressionFormat === 'GZIP';
  const key = destination.EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN;
  const number = (name: keyof typeof BufferingHints, range: typeof BUFFER_MB): number =>
    wholeNumber(`BufferingHints.${name}`, BufferingHints[name], range, refuse);
  return {
    ...{ logicalId, name: physicalId, arn },
    source: KinesisStreamSourceConfiguration && {
      streamArn: KinesisStreamSourceConfiguration.KinesisStreamARN,
      roleArn: KinesisStreamSourceConfiguration.RoleARN,
    },
    bucket: destination.BucketARN.slice(destination.BucketARN.lastIndexOf(':') + 1),
    roleArn: destination.RoleARN,
    bufferBytes: number('SizeInMBs', BUFFER_MB) * 2 ** 20,
    bufferMs: number('IntervalInSeconds', BUFFER_SECONDS) * 1_000,
    isCompressed,
    delimiter: recordDelimiter(destination.ProcessingConfiguration, refuse),
    ...times(Prefix, destination.ErrorOutputPrefix, CustomTimeZone, refuse),
    extension: destination.FileExtension ?? (isCompressed ? '.gz' : ''),
    encryption: key === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key },
  };
}

function times(prefix: string, errorPrefix: string | undefined, timeZone: string, refuse: Refuse) {
  try {
    checkErrorPrefix(prefix, errorPrefix);
    return { prefix: objectPrefix(prefix, timeZone), suffixTime: timestampFormat('yyyy-MM-dd-HH-mm-ss', timeZone) };
  } catch (error) {
    // Of a pattern, or of a time zone that Intl does not have.
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
}

function refuseWhatIsNotThere(destination: DestinationProperty, refuse: Refuse): void {
  const { DynamicPartitioningConfiguration, DataFormatConversionConfiguration, S3BackupMode } = destination;
  const isOn = (property: { readonly Enabled?: boolean | string } | undefined): boolean =>
    property !== undefined && String(property.Enabled ?? true) === 'true';
  if (isOn(DynamicPartitioningConfiguration))
    refuse('the twin does not partition dynamically; take the configuration out');
  if (isOn(DataFormatConversionConfiguration)) refuse('the twin does not convert formats; take the configuration out');
  if (S3BackupMode === 'Enabled') refuse('the twin keeps no backup of source records; set S3BackupMode to Disabled');
}

function wholeNumber(
  name: string,
  value: number | string | undefined,
  { min, max, otherwise }: typeof BUFFER_MB,
  refuse: Refuse,
): number {
  const number = value === undefined ? otherwise : value === '' ? Number.NaN : Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  return refuse(`${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`);
}
