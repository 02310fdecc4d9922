import type { Input } from '../../aws-call.ts';
import { algorithmOfHeader } from '../checksum.ts';
import type { Expected } from '../receive-body.ts';
import { entityTooLarge } from '../receive-body.ts';
import { s3Error } from '../s3-error.ts';
import { notMatching, type SecretOf } from '../wire/presigned-url.ts';
import type { S3Request } from '../wire/s3-request.ts';
import { isSameSignature, parseCredential, sign } from '../wire/signature.ts';
import { readMultipartForm } from './multipart-form.ts';
import { checkPostPolicy, type SizeRange } from './post-policy.ts';

/** A form that its policy lets through, and by whose key. */
export interface Post {
  readonly accessKeyId: string;
  /** Of PostObject. */
  readonly input: Input;
}

/** Field in lower case → member of the SDK's PutObject. */
const MEMBERS: Readonly<Record<string, string>> = {
  acl: 'ACL',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-type': 'ContentType',
  expires: 'Expires',
  success_action_redirect: 'SuccessActionRedirect',
  success_action_status: 'SuccessActionStatus',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-storage-class': 'StorageClass',
};

/**
 * Reads the form of a browser's upload up to its file, and checks signature and policy before the file comes; the file's
 * size is checked as it comes.
 *
 * @throws AwsError as S3 refuses.
 */
export async function readPost(
  request: S3Request,
  body: AsyncIterable<Uint8Array>,
  secretOf: SecretOf,
  nowMs: number,
): Promise<Post> {
  const form = await readMultipartForm(request.headers['content-type'] ?? '', body);
  const fields = new Map(form.fields.map(([name, value]) => [name.toLowerCase(), value]));
  // The address decides; a field of the same name is a form's own business.
  fields.set('bucket', request.bucket);
  const accessKeyId = checkSignature(fields, secretOf);
  const size = checkPostPolicy(fields.get('policy') ?? '', fields, nowMs);
  const key = fields.get('key');
  if (key === undefined) {
    const message =
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.";
    throw s3Error('InvalidArgument', message, { ArgumentName: 'key', ArgumentValue: '' });
  }
  const members = [...fields].flatMap(([name, value]) =>
    Object.hasOwn(MEMBERS, name) ? [[MEMBERS[name], value]] : [],
  );
  const metadata = [...fields].flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value]] : [],
  );
  // Some browsers send the path of the file, too.
  const filename = form.file.name.slice(
    Math.max(form.file.name.lastIndexOf('/'), form.file.name.lastIndexOf('\\')) + 1,
  );
  return {
    accessKeyId,
    input: {
      ...Object.fromEntries(members),
      Metadata: Object.fromEntries(metadata),
      Bucket: request.bucket,
      // A function: the name of a file may have what a replacement would take for a pattern.
      Key: key.replaceAll(/\$\{filename\}/g, () => filename),
      Body: size ? within(form.file.body, size) : form.file.body,
      Expected: expectedOf(fields),
    },
  };
}

function checkSignature(fields: ReadonlyMap<string, string>, secretOf: SecretOf): string {
  const credential = parseCredential(fields.get('x-amz-credential') ?? '');
  const policy = fields.get('policy');
  const signature = fields.get('x-amz-signature');
  // Whoever signs nothing is nobody, and no bucket of a twin is everybody's.
  if (policy === undefined || signature === undefined || !credential) {
    const has = policy !== undefined || signature !== undefined || fields.has('x-amz-credential');
    if (!has) throw s3Error('AccessDenied', 'Access Denied');
    const missing = policy === undefined ? 'policy' : signature === undefined ? 'X-Amz-Signature' : 'X-Amz-Credential';
    throw s3Error('InvalidArgument', `Bucket POST must contain a field named '${missing}'.`, { ArgumentName: missing });
  }
  if (fields.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw s3Error('InvalidRequest', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const secret = secretOf(credential.accessKeyId);
  if (secret !== undefined && !isSameSignature(sign(secret, credential, policy), signature)) {
    throw notMatching(credential.accessKeyId);
  }
  return credential.accessKeyId;
}

/** A file of too many bytes ends when it has them, one of too few at its end. */
async function* within(body: AsyncIterable<Uint8Array>, { min, max }: SizeRange): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const bytes of body) {
    size += bytes.length;
    if (size > max) throw entityTooLarge(size, max);
    yield bytes;
  }
  if (size >= min) return;
  throw s3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    ...{ ProposedSize: size, MinSizeAllowed: min },
  });
}

function expectedOf(fields: ReadonlyMap<string, string>): Pick<Expected, 'checksum'> {
  for (const [name, value] of fields) {
    const algorithm = name.startsWith('x-amz-checksum-') ? algorithmOfHeader(name) : undefined;
    if (algorithm) return { checksum: { algorithm, value } };
  }
  return {};
}
