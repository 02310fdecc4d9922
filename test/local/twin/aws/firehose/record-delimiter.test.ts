import { describe, expect, it } from 'vitest';
import { recordDelimiter } from '../../../../../local/twin/aws/firehose/record-delimiter.ts';

const refuse = (what: string): never => {
  throw new Error(what);
};
const append = (ParameterValue?: string) => ({
  Type: 'AppendDelimiterToRecord',
  ...(ParameterValue !== undefined && { Parameters: [{ ParameterName: 'Delimiter', ParameterValue }] }),
});

describe('recordDelimiter', () => {
  it.each([
    [undefined, ''],
    [{ Enabled: false, Processors: [append()] }, ''],
    [{ Enabled: true, Processors: [] }, ''],
    [{ Enabled: true, Processors: [append()] }, '\n'],
    [{ Enabled: 'true', Processors: [append('\\n')] }, '\n'],
    [{ Enabled: true, Processors: [append('|\\t')] }, '|\t'],
  ])('of %j is %j', (processing, expected) => {
    expect(recordDelimiter(processing, refuse)).toBe(expected);
  });

  it.each(['Lambda', 'MetadataExtraction', 'RecordDeAggregation', 'Decompression'])('fails on %s', (Type) => {
    expect(() => recordDelimiter({ Enabled: true, Processors: [{ Type }] }, refuse)).toThrow(
      `the twin has no processor ${Type}; it has AppendDelimiterToRecord`,
    );
  });
});
