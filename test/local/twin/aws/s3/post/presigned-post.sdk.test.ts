import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKET as Bucket, type RunningS3, runS3 } from '../../../../../support/running-s3.ts';

type Conditions = NonNullable<PresignedPostOptions['Conditions']>;

describe('uploads by a form', () => {
  let s3: RunningS3;
  beforeAll(async () => {
    s3 = await runS3();
  });
  afterAll(() => s3.close());

  const sign = (options: Partial<PresignedPostOptions> = {}) =>
    createPresignedPost(s3.client, { Bucket, Key: 'videos/1.mp4', Expires: 60, ...options });
  const upload = async (
    { url, fields }: { url: string; fields: Record<string, string> },
    file: Blob | string,
    name = 'clip.mp4',
  ) => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append('file', typeof file === 'string' ? new Blob([file]) : file, name);
    const response = await fetch(url, { method: 'POST', body: form });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, code: /<Code>(\w+)</.exec(text)?.[1] };
  };

  it('stores the file with the type and metadata of the form', async () => {
    const Fields = { 'Content-Type': 'video/mp4', 'x-amz-meta-owner': 'ada' };
    const post = await sign({ Fields, Conditions: [['content-length-range', 1, 1_000_000]] });
    const file = Buffer.alloc(700_000, 'clip\r\n--not the boundary');
    const { status, headers } = await upload(post, new Blob([file]));
    expect(status).toBe(204);
    const { Body, ...object } = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'videos/1.mp4' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(file)).toBe(true);
    expect(object).toMatchObject({ ContentType: 'video/mp4', Metadata: { owner: 'ada' }, ETag: headers.get('etag') });
  });

  it('puts the name of the file into the key, and answers as the form asks', async () => {
    const Fields = { success_action_status: '201' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 fills it in
    const { status, text } = await upload(await sign({ Key: 'up/${filename}', Fields }), 'x', 'holiday $& 1.mp4');
    expect(status).toBe(201);
    expect(text).toContain(`<Bucket>${Bucket}</Bucket><Key>up/holiday $&amp; 1.mp4</Key>`);
    await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'up/holiday $& 1.mp4' }));
  });

  it('sends the browser on where the form says so', async () => {
    const Fields = { success_action_redirect: 'https://example.com/done?a=1' };
    const { url, fields } = await sign({ Fields });
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append('file', new Blob(['x']));
    const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/example\.com\/done\?a=1&bucket=media&key=videos%2F1\.mp4&etag=%22[\da-f]{32}%22$/,
    );
  });

  it.each([
    ['just enough', 3, 204],
    ['as much as there may be', 5, 204],
  ])('takes %s', async (_, size, expected) => {
    const post = await sign({ Conditions: [['content-length-range', 3, 5]] });
    expect((await upload(post, 'x'.repeat(size))).status).toBe(expected);
  });

  it('fails a file that is one byte too long, or one too short, and keeps nothing of it', async () => {
    const post = await sign({ Key: 'sized', Conditions: [['content-length-range', 3, 5]] });
    const long = await upload(post, 'xxxxxx');
    expect(long).toMatchObject({ status: 400, code: 'EntityTooLarge' });
    expect(long.text).toContain('<ProposedSize>6</ProposedSize><MaxSizeAllowed>5</MaxSizeAllowed>');
    const short = await upload(post, 'xx');
    expect(short).toMatchObject({ status: 400, code: 'EntityTooSmall' });
    expect(short.text).toContain('<ProposedSize>2</ProposedSize><MinSizeAllowed>3</MinSizeAllowed>');
    await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key: 'sized' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('answers a refused file of megabytes instead of closing the connection', async () => {
    const post = await sign({ Conditions: [['content-length-range', 0, 10]] });
    const refused = await upload(post, new Blob([Buffer.alloc(8_000_000)]));
    expect(refused).toMatchObject({ status: 400, code: 'EntityTooLarge' });
  });

  it('fails a form that is too late', async () => {
    const refused = await upload(await sign({ Expires: -1 }), 'x');
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(refused.text).toContain('<Message>Invalid according to Policy: Policy expired.</Message>');
  });

  it.each<[string, string, string, string]>([
    ['another key', 'key', 'videos/2.mp4', 'Policy Condition failed: [&quot;eq&quot;,&quot;$key&quot;'],
    ['another type', 'Content-Type', 'text/html', 'Policy Condition failed: [&quot;eq&quot;,&quot;$Content-Type&quot;'],
    ['a field that nobody signed', 'x-amz-meta-admin', 'true', 'Extra input fields: x-amz-meta-admin'],
  ])('fails %s than was signed', async (_, field, value, message) => {
    const { url, fields } = await sign({ Fields: { 'Content-Type': 'video/mp4' } });
    const refused = await upload({ url, fields: { ...fields, [field]: value } }, 'x');
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(refused.text).toContain(message);
  });

  it('fails another bucket than was signed', async () => {
    await s3.aws.call('s3', 'CreateBucket', { Bucket: 'other' });
    const { url, fields } = await sign();
    const refused = await upload({ url: url.replace(`/${Bucket}`, '/other'), fields }, 'x');
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(refused.text).toContain('Policy Condition failed: [&quot;eq&quot;,&quot;$bucket&quot;,&quot;media&quot;]');
  });

  it('takes what begins as the policy says, and fails what does not', async () => {
    const Conditions: Conditions = [['starts-with', '$Content-Type', 'video/']];
    const { url, fields } = await sign({ Conditions });
    const ok = await upload({ url, fields: { ...fields, 'Content-Type': 'video/webm' } }, 'x');
    expect(ok.status).toBe(204);
    const refused = await upload({ url, fields: { ...fields, 'Content-Type': 'image/png' } }, 'x');
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('fails a policy that was changed after it was signed', async () => {
    const { url, fields } = await sign();
    const policy = JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString());
    const Policy = Buffer.from(JSON.stringify({ ...policy, expiration: '2999-01-01T00:00:00Z' })).toString('base64');
    const refused = await upload({ url, fields: { ...fields, Policy } }, 'x');
    expect(refused).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('fails a form that is not signed, has no file, or is none', async () => {
    const { url, fields } = await sign();
    expect(await upload({ url, fields: { key: 'a' } }, 'x')).toMatchObject({ status: 403, code: 'AccessDenied' });
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    const without = await fetch(url, { method: 'POST', body: form });
    expect(await without.text()).toContain('<Message>POST requires exactly one file upload per request.</Message>');
    const none = await fetch(url, { method: 'POST', body: 'key=a', headers: { 'Content-Type': 'text/plain' } });
    expect(none.status).toBe(412);
    const { 'X-Amz-Signature': _, ...unsigned } = fields;
    expect(await upload({ url, fields: unsigned }, 'x')).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});
