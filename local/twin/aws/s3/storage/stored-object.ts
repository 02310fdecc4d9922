import type { ChecksumAlgorithm } from '../checksum.ts';
import type { Blob } from './blob-store.ts';

/** A checksum as it is answered; of an upload in parts it is one of the parts' checksums. */
export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What whoever puts an object says about it. */
export interface ObjectAttributes {
  /** Header in lower case → value: `content-type`, `cache-control`, encryption. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectAttributes {
  /** Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly checksum?: StoredChecksum;
  readonly parts: readonly Blob[];
  /** The object is one of an upload in parts. */
  readonly isMultipart: boolean;
}

/** An upload in parts that is under way. */
export interface Upload extends ObjectAttributes {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedMs: number;
  /** As the caller named it at the beginning. */
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType?: StoredChecksum['type'];
}

export interface UploadedPart extends Blob {
  readonly number: number;
  readonly etag: string;
  readonly modifiedMs: number;
  readonly checksum?: Pick<StoredChecksum, 'algorithm' | 'value'>;
}
