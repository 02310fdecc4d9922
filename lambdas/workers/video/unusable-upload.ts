/** Nothing can be made of the upload, however often it is tried. The message is what its owner is told. */
export class UnusableUpload extends Error {
  readonly code = 'unusable-upload';
}
