/** ProcessingConfiguration of a destination. */
export interface ProcessingProperty {
  readonly Enabled?: boolean | string;
  readonly Processors?: readonly {
    readonly Type: string;
    readonly Parameters?: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
  }[];
}

/** What the processors of a delivery stream put behind each record; all others are refused by name. */
export function recordDelimiter(processing: ProcessingProperty | undefined, refuse: (what: string) => never): string {
  if (processing === undefined || String(processing.Enabled ?? false) !== 'true') return '';
  let delimiter = '';
  for (const { Type, Parameters = [] } of processing.Processors ?? []) {
    if (Type !== 'AppendDelimiterToRecord') {
      refuse(`the twin has no processor ${Type}; it has AppendDelimiterToRecord`);
    }
    // A new line is written as a backslash with an n, and is what is taken where nothing is given.
    const given = Parameters.find(({ ParameterName }) => ParameterName === 'Delimiter')?.ParameterValue ?? '\\n';
    delimiter = given.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\r', '\r');
  }
  return delimiter;
}
