import { s3Error } from './s3-error.ts';

/** Bytes from `from` to `to`, which is not among them. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * What a `Range` header asks of an object; `undefined` where it asks for all: S3 serves one range, and takes a header that
 * it cannot read for none.
 *
 * @throws AwsError InvalidRange where the object has none of it.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = RANGE.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (from < to) return { from, to };
  throw s3Error('InvalidRange', 'The requested range is not satisfiable', {
    ...{ RangeRequested: header, ActualObjectSize: size },
  });
}
