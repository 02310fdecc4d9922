const TEXT = /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))$)/;

/**
 * Whether a body goes to a function as text. HTTP APIs have no list of binary media types: text, JSON, XML and JavaScript are
 * text, a body without a type counts as JSON, and all the rest, forms included, is base64.
 */
export function isTextBody(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === '') return true;
  const end = contentType.indexOf(';');
  return TEXT.test((end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase());
}
