import type { Input } from '../../aws-call.ts';
import { CHECKSUM_ALGORITHMS } from '../checksum.ts';
import { type Expected, receiveDocument } from '../receive-body.ts';
import { s3Error } from '../s3-error.ts';
import { bodyOf, expectedOf } from '../s3-members.ts';
import { childText, readXml, type XmlElement } from './read-xml.ts';

/** "The request can contain a list of up to 1,000 keys." */
const DELETE_MAX = 1_000;

/** Members out of a request's document: none for an operation that has no document. */
export async function readDocument(operation: string, input: Input): Promise<Input> {
  if (operation === 'DeleteObjects') return { Delete: deleteMember(await documentOf(input, expectedOf(input))) };
  if (operation !== 'CompleteMultipartUpload') return {};
  // Checksums in its headers are those of the whole object, not of the document.
  const { sha256 } = expectedOf(input);
  return { MultipartUpload: { Parts: parts(await documentOf(input, { sha256 })) } };
}

async function documentOf(input: Input, expected: Expected): Promise<XmlElement> {
  return readXml((await receiveDocument(bodyOf(input), expected)).toString());
}

function deleteMember(document: XmlElement) {
  const Objects = document.children
    .filter(({ name }) => name === 'Object')
    .map((object) => {
      const Key = childText(object, 'Key');
      if (Key === undefined || Key === '') throw s3Error('MalformedXML', 'an Object without a Key');
      return { Key };
    });
  if (Objects.length === 0 || Objects.length > DELETE_MAX) {
    throw s3Error('MalformedXML', `DeleteObjects takes 1 to ${DELETE_MAX} keys, got ${Objects.length}`);
  }
  return { Objects, Quiet: childText(document, 'Quiet') === 'true' };
}

function parts(document: XmlElement) {
  return document.children
    .filter(({ name }) => name === 'Part')
    .map((part) => ({
      PartNumber: Number(childText(part, 'PartNumber')),
      ETag: childText(part, 'ETag'),
      ...Object.fromEntries(
        CHECKSUM_ALGORITHMS.map((algorithm) => [`Checksum${algorithm}`, childText(part, `Checksum${algorithm}`)]),
      ),
    }));
}
