import { AwsError } from '../aws-error.ts';

export function kmsNotFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}

export function kmsInvalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** AWS says nothing but the type; the sentence is that of its API reference. */
export function invalidCiphertext(): AwsError {
  return new AwsError(
    'InvalidCiphertextException',
    'The request was rejected because the specified ciphertext, or additional authenticated data incorporated into the ' +
      'ciphertext, such as the encryption context, is corrupted, missing, or otherwise invalid.',
  );
}

export function invalidSignature(): AwsError {
  return new AwsError(
    'KMSInvalidSignatureException',
    'The request was rejected because the signature verification failed. Signature verification fails when it cannot confirm ' +
      'that signature was produced by signing the specified message with the specified KMS key and signing algorithm.',
  );
}

export function invalidMac(): AwsError {
  return new AwsError(
    'KMSInvalidMacException',
    'The request was rejected because the HMAC verification failed. HMAC verification fails when the HMAC computed by using ' +
      'the specified message, HMAC KMS key, and MAC algorithm does not match the HMAC specified in the request.',
  );
}

export function incorrectKey(): AwsError {
  return new AwsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}

export function invalidUsage(message: string): AwsError {
  return new AwsError('InvalidKeyUsageException', message);
}
