import type { AwsService } from '../../aws-call.ts';
import { checksumHeaders, encryptionHeaders } from '../object-attributes.ts';
import type { S3Context, S3Output } from '../s3-context.ts';
import { requiredText, text } from '../s3-members.ts';
import { putObject } from './write-operations.ts';

/** PostObject, which IAM knows as PutObject: what a browser's form uploads. */
export function postOperation(context: S3Context): AwsService {
  return {
    PostObject: async (input, { endpointUrl }): Promise<S3Output> => {
      const object = await putObject(context, input, { event: 'ObjectCreated:Post' });
      const [Bucket, Key] = [requiredText(input, 'Bucket'), requiredText(input, 'Key')];
      const location = `${endpointUrl}/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
      const etag = `"${object.etag}"`;
      const headers = { etag, location, ...checksumHeaders(object), ...encryptionHeaders(object) };
      const redirect = redirection(text(input, 'SuccessActionRedirect'), { bucket: Bucket, key: Key, etag });
      if (redirect !== undefined) return { statusCode: 303, headers: { ...headers, location: redirect } };
      const status = text(input, 'SuccessActionStatus');
      if (status === '200') return { headers };
      if (status !== '201') return { statusCode: 204, headers };
      const value = { Location: location, Bucket, Key, ETag: etag };
      return { statusCode: 201, headers, xml: { root: 'PostResponse', value } };
    },
  };
}

/** The page that the form names, told what was stored; what is no URL is taken for nothing, as S3 does. */
function redirection(url: string | undefined, told: Readonly<Record<string, string>>): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const page = new URL(url);
  for (const [name, value] of Object.entries(told)) page.searchParams.set(name, value);
  return page.href;
}
