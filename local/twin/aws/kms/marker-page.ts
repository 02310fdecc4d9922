import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import { optionalInteger, optionalText } from '../member-constraints.ts';

/** A page of a list by `Limit` and `Marker`; the marker is the id that the next page begins with. */
export function markerPage<T>(
  items: readonly T[],
  input: Input,
  max: number,
  idOf: (item: T) => string,
): { readonly items: readonly T[]; readonly Truncated: boolean; readonly NextMarker?: string } {
  const limit = optionalInteger(input, 'Limit', { min: 1, max }) ?? 100;
  const marker = optionalText(input, 'Marker');
  const start = marker === undefined ? 0 : items.findIndex((item) => idOf(item) === marker);
  if (start < 0) throw new AwsError('InvalidMarkerException', `The marker ${marker} is none of this list.`);
  const next = items[start + limit];
  return {
    items: items.slice(start, start + limit),
    Truncated: next !== undefined,
    ...(next !== undefined && { NextMarker: idOf(next) }),
  };
}
