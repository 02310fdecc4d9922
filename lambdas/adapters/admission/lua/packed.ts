/** A part of what a script packs into its reply. */
export interface Packed {
  readonly format: string;
  /** Expressions, one for each value of the format. */
  readonly values: readonly string[];
  readonly bytes: number;
}

/** One call for all parts, in their order: a call for each, and to join what they give, would cost as much again. */
export function packAll(parts: readonly Packed[]): string {
  const values = parts.flatMap((part) => part.values).join(', ');
  return `pack('<${parts.map(({ format }) => format).join('')}', ${values})`;
}

export function bytesOf(parts: readonly Packed[]): number {
  return parts.reduce((bytes, part) => bytes + part.bytes, 0);
}
