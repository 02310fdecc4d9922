import { compileEventPattern, type MatchesEvent } from '../../event-patterns/event-pattern.ts';
import { EventPatternError } from '../../event-patterns/event-pattern-error.ts';

/** Most filters of a mapping, with the quota raised; five without. */
const FILTERS_MAX = 10;
const PATTERN_MAX_CHARACTERS = 4_096;

/**
 * Compiles `FilterCriteria`: a record passes where one of the patterns matches. No criteria: `undefined`.
 *
 * @param refuse receives a sentence where AWS would refuse the criteria; does not return.
 */
export function compileFilterCriteria(criteria: unknown, refuse: (what: string) => never): MatchesEvent | undefined {
  if (criteria === undefined) return undefined;
  const { Filters: filters = [] } = criteria as { readonly Filters?: unknown };
  if (!Array.isArray(filters)) return refuse(`FilterCriteria.Filters must be a list, got ${JSON.stringify(filters)}`);
  if (filters.length > FILTERS_MAX) {
    return refuse(`FilterCriteria must have at most ${FILTERS_MAX} filters, got ${filters.length}`);
  }
  const patterns = filters.map((filter: unknown) => {
    const pattern = (filter as { readonly Pattern?: unknown } | null)?.Pattern;
    if (typeof pattern !== 'string') {
      return refuse(`each filter needs a Pattern of JSON text, got ${JSON.stringify(filter)}`);
    }
    if (pattern.length > PATTERN_MAX_CHARACTERS) {
      return refuse(`a filter's Pattern may have ${PATTERN_MAX_CHARACTERS} characters, got ${pattern.length}`);
    }
    return compile(pattern, refuse);
  });
  if (patterns.length === 0) return undefined;
  return (document) => patterns.some((matches) => matches(document));
}

function compile(pattern: string, refuse: (what: string) => never): MatchesEvent {
  try {
    return compileEventPattern(pattern);
  } catch (error) {
    if (!(error instanceof EventPatternError)) throw error;
    return refuse(`Invalid filter pattern definition. ${error.reason}; got ${pattern}`);
  }
}

/** A body or data as patterns see it: parsed where it is a JSON object or list, else as text. */
export function jsonOrText(text: string): unknown {
  const first = /\S/.exec(text)?.[0];
  if (first !== '{' && first !== '[') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
