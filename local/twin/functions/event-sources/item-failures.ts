/** What a function that reports failures of single items (`ReportBatchItemFailures`) said. */
export type ItemFailures =
  | { readonly kind: 'none' }
  /** The report cannot be read, or names what is not in the batch: the whole batch failed. */
  | { readonly kind: 'invalid' }
  | { readonly kind: 'some'; readonly identifiers: ReadonlySet<string> };

/**
 * Reads a partial batch response. Nothing, an empty object and an empty or null list are a success; an identifier that is
 * missing, empty, null or of another batch fails the batch. Source: Lambda developer guide, "Implementing partial batch
 * responses". The guide is silent on answers that are no object, such as a string: they cannot hold the list, and fail.
 */
export function itemFailures(payload: unknown, isInBatch: (identifier: string) => boolean): ItemFailures {
  if (payload === null || payload === undefined) return { kind: 'none' };
  if (typeof payload !== 'object' || Array.isArray(payload)) return { kind: 'invalid' };
  const { batchItemFailures: failures } = payload as { readonly batchItemFailures?: unknown };
  if (failures === undefined || failures === null) return { kind: 'none' };
  if (!Array.isArray(failures)) return { kind: 'invalid' };
  if (failures.length === 0) return { kind: 'none' };
  const identifiers = new Set<string>();
  for (const entry of failures as readonly unknown[]) {
    const identifier = (entry as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || identifier === '' || !isInBatch(identifier)) return { kind: 'invalid' };
    identifiers.add(identifier);
  }
  return { kind: 'some', identifiers };
}
