import type { Properties } from '../template/properties.ts';

/** How a payload is converted; undefined leaves it as it is. */
export type ContentHandling = 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT' | undefined;

export function contentHandlingOf(properties: Properties): ContentHandling {
  const text = properties.optionalText('ContentHandling');
  if (text === undefined || text === 'CONVERT_TO_BINARY' || text === 'CONVERT_TO_TEXT') return text;
  return properties.fail('ContentHandling', 'CONVERT_TO_BINARY or CONVERT_TO_TEXT');
}

/**
 * The table of the developer guide, "Content type conversions in API Gateway": bytes become text as Base64, text becomes
 * bytes by decoding Base64, and what has the form already stays.
 */
export function convertContent(body: string | Buffer, handling: ContentHandling): string | Buffer {
  if (handling === 'CONVERT_TO_TEXT' && typeof body !== 'string') return body.toString('base64');
  if (handling === 'CONVERT_TO_BINARY' && typeof body === 'string') return Buffer.from(body, 'base64');
  return body;
}
