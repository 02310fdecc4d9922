import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../../support/running-s3.ts';

describe('presigned URLs', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
  });
  afterAll(() => s3.close());
  const Key = "a b/(ü)'*.txt";
  const ask = async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    const text = await response.text();
    return { status: response.status, text, type: response.headers.get('content-type') };
  };
  const put = () => getSignedUrl(s3.signer, new PutObjectCommand({ Bucket, Key, ContentType: 'text/plain' }));
  const get = (more = {}) => getSignedUrl(s3.signer, new GetObjectCommand({ Bucket, Key, ...more }));

  it('upload and download without keys', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    expect((await ask(await put(), { method: 'PUT', body: 'hello', headers })).status).toBe(200);
    expect(await ask(await get())).toEqual({ status: 200, text: 'hello', type: 'text/plain' });
    const ResponseContentType = 'application/pdf';
    expect(await ask(await get({ ResponseContentType }))).toMatchObject({ status: 200, type: ResponseContentType });
  });

  it('fail where the address was changed', async () => {
    const other = (await get()).replace('a%20b', 'a%20c');
    expect(await ask(other)).toMatchObject({ status: 403, text: expect.stringContaining('SignatureDoesNotMatch') });
    expect((await ask(await get(), { method: 'PUT', body: 'x' })).status).toBe(403);
    const longer = (await get()).replace('X-Amz-Expires=900', 'X-Amz-Expires=9000');
    expect((await ask(longer)).status).toBe(403);
  });

  it('fail once they are too old, and before they are valid', async () => {
    const of = (signingDate: Date) =>
      getSignedUrl(s3.signer, new GetObjectCommand({ Bucket, Key }), { signingDate, expiresIn: 60 });
    expect(await ask(await of(new Date(Date.now() - 61_000)))).toMatchObject({
      ...{ status: 403, text: expect.stringContaining('<Message>Request has expired</Message>') },
    });
    expect((await ask(await of(new Date(Date.now() + 3_600_000)))).text).toContain('Request is not yet valid');
  });

  it('fail for longer than a week', async () => {
    const url = (await get()).replace('X-Amz-Expires=900', 'X-Amz-Expires=604801');
    expect(await ask(url)).toMatchObject({ status: 400, text: expect.stringContaining('must be less than a week') });
  });

  it('fail where a header of S3 was added that nobody signed', async () => {
    const refused = await ask(await put(), { method: 'PUT', body: 'x', headers: { 'x-amz-acl': 'public-read' } });
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('<HeadersNotSigned>x-amz-acl<') });
  });

  it('fail an upload whose signer counted the checksum of nothing, as the SDK does by default', async () => {
    const url = await getSignedUrl(s3.client, new PutObjectCommand({ Bucket, Key }));
    expect(url).toContain('x-amz-checksum-crc32=AAAAAA%3D%3D');
    expect(await ask(url, { method: 'PUT', body: 'x' })).toMatchObject({
      ...{ status: 400, text: expect.stringContaining('<Code>BadDigest</Code>') },
    });
  });

  it('are what an unsigned request needs', async () => {
    expect(await ask(`${s3.url}/${Bucket}/a`)).toMatchObject({
      status: 403,
      text: expect.stringContaining('AccessDenied'),
    });
    const unsigned = new URL(await get());
    unsigned.searchParams.delete('X-Amz-Signature');
    expect((await ask(unsigned.href)).status).toBe(403);
  });
});
