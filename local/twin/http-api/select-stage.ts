/** A stage and the rest of the path. */
export interface SelectedStage<T> {
  readonly stage: T;
  readonly rawSegments: readonly string[];
}

/**
 * Finds the stage of a request. An API with one stage serves it without its name in the path, as behind a custom domain.
 * With several, the first segment names the stage, as in AWS, and what it does not name belongs to `$default`.
 */
export function selectStage<T>(
  stages: ReadonlyMap<string, T>,
  rawSegments: readonly string[],
): SelectedStage<T> | undefined {
  if (stages.size === 1) {
    const [stage] = stages.values();
    return stage && { stage, rawSegments };
  }
  const [first] = rawSegments;
  const named = first === undefined ? undefined : stages.get(first);
  if (named !== undefined) return { stage: named, rawSegments: rawSegments.slice(1) };
  const fallback = stages.get('$default');
  return fallback && { stage: fallback, rawSegments };
}
