import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../../support/running-s3.ts';

const MB = 2 ** 20;

describe('uploads in parts', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
  });
  afterAll(() => s3.close());
  const begin = async (Key: string, more = {}) => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    return { Bucket, Key, UploadId };
  };
  type Upload = Awaited<ReturnType<typeof begin>>;
  const part = async (upload: Upload, PartNumber: number, Body: Buffer): Promise<CompletedPart> => {
    const { ETag, ChecksumCRC32 } = await s3.client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const complete = (upload: Upload, Parts: CompletedPart[], more = {}) =>
    s3.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));

  it('become one object, with the attributes of their beginning', async () => {
    const upload = await begin('large', { ContentType: 'video/mp4', Metadata: { a: '1' } });
    const second = await part(upload, 2, Buffer.alloc(1_000, 2));
    await part(upload, 1, Buffer.alloc(10));
    const first = await part(upload, 1, Buffer.alloc(5 * MB, 1));
    const { Uploads } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toMatchObject([{ Key: 'large', UploadId: upload.UploadId }]);
    const page = await s3.client.send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    expect(page).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '1',
      Parts: [{ PartNumber: 1, Size: 5 * MB }],
    });
    const rest = await s3.client.send(new ListPartsCommand({ ...upload, PartNumberMarker: '1' }));
    expect(rest.Parts).toMatchObject([{ PartNumber: 2, Size: 1_000 }]);

    const { ETag } = await complete(upload, [first, second]);
    expect(ETag).toMatch(/^"[\da-f]{32}-2"$/);
    const { Body, ...object } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'large' }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([Buffer.alloc(5 * MB, 1), Buffer.alloc(1_000, 2)]))).toBe(true);
    expect(object).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: '1' }, ETag });
    const range = `bytes=${5 * MB - 1}-${5 * MB}`;
    const across = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'large', Range: range }));
    expect([...((await across.Body?.transformToByteArray()) ?? [])]).toEqual([1, 2]);
    expect((await s3.client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  });

  it('take parts of other objects', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const upload = await begin('copied');
    const copy = new UploadPartCopyCommand({
      ...{ ...upload, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' },
    });
    const { CopyPartResult } = await s3.client.send(copy);
    await complete(upload, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'copied' }));
    expect(await Body?.transformToString()).toBe('234');
  });

  it('are gone once they are aborted', async () => {
    const upload = await begin('aborted');
    await part(upload, 1, Buffer.from('x'));
    await s3.client.send(new AbortMultipartUploadCommand(upload));
    const gone = { name: 'NoSuchUpload' };
    await expect(part(upload, 2, Buffer.from('x'))).rejects.toMatchObject(gone);
    await expect(s3.client.send(new ListPartsCommand(upload))).rejects.toMatchObject(gone);
    await expect(s3.client.send(new AbortMultipartUploadCommand(upload))).rejects.toMatchObject(gone);
  });

  it('fail with parts that were not uploaded, in another order, or too small but for the last', async () => {
    const upload = await begin('refused');
    const [first, second] = [await part(upload, 1, Buffer.from('x')), await part(upload, 2, Buffer.from('y'))];
    await expect(complete(upload, [first, { ...second, PartNumber: 3 }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
    await expect(complete(upload, [{ ...first, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete(upload, [second, first])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete(upload, [first, second])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await complete(upload, [second]);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'refused' }));
    expect(await Body?.transformToString()).toBe('y');
  });

  it.each([0, 10_001, 1.5])('fail with a part of number %s', async (number) => {
    const upload = await begin('numbered');
    await expect(part(upload, number, Buffer.from('x'))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('fail where somebody else created the object meanwhile, if only that was wanted', async () => {
    const upload = await begin('contended');
    const only = await part(upload, 1, Buffer.from('x'));
    await s3.client.send(new PutObjectCommand({ Bucket, Key: 'contended', Body: 'first' }));
    await expect(complete(upload, [only], { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });
});
