import { describe, expect, it } from 'vitest';
import { applyUpdate } from '../../../../../../local/twin/aws/dynamodb/expressions/apply-update.ts';
import { compileExpressions } from '../../../../../../local/twin/aws/dynamodb/expressions/compile.ts';
import type { Item } from '../../../../../../local/twin/aws/dynamodb/values/attribute-value.ts';

const letters = (...all: string[]) => ({ L: all.map((S) => ({ S })) });

function update(item: Item, UpdateExpression: string, values?: Item): Item {
  const compiled = compileExpressions({
    UpdateExpression,
    ...(values && { ExpressionAttributeValues: values }),
  });
  if (typeof compiled === 'string' || !compiled.update) throw new Error(String(compiled));
  return applyUpdate(item, compiled.update.actions, compiled.values);
}

describe('updates', () => {
  it('remove elements of a list by the positions that they had', () => {
    const item = { tags: letters('a', 'b', 'c', 'd') };
    expect(update(item, 'REMOVE tags[0], tags[2]')).toEqual({ tags: letters('b', 'd') });
    expect(update(item, 'REMOVE tags[0] SET tags[1] = :v', { ':v': { S: 'B' } })).toEqual({
      tags: letters('B', 'c', 'd'),
    });
  });

  it('append what is set beyond the end of a list, in the order of positions', () => {
    const values = { ':x': { S: 'x' }, ':y': { S: 'y' } };
    expect(update({ tags: letters('a') }, 'SET tags[9] = :y, tags[5] = :x', values)).toEqual({
      tags: letters('a', 'x', 'y'),
    });
  });

  it('read every operand as it was before', () => {
    expect(update({ a: { N: '1' }, b: { N: '2' } }, 'SET a = b, b = a')).toEqual({ a: { N: '2' }, b: { N: '1' } });
  });

  it('leave the item that they start from as it is', () => {
    const item = { doc: { M: { x: { N: '1' }, kept: { S: 'k' } } } };
    const before = structuredClone(item);
    const after = update(item, 'SET doc.x = doc.x + :one', { ':one': { N: '1' } });
    expect(item).toEqual(before);
    expect(after).toEqual({ doc: { M: { x: { N: '2' }, kept: { S: 'k' } } } });
  });

  it('add exactly, also where doubles would not', () => {
    expect(update({ n: { N: '0.1' } }, 'SET n = n + :v', { ':v': { N: '0.2' } })).toEqual({ n: { N: '0.3' } });
    const large = { n: { N: '90071992547409930000000' } };
    expect(update(large, 'ADD n :v', { ':v': { N: '1' } })).toEqual({ n: { N: '90071992547409930000001' } });
  });

  it('remove a set with its last member', () => {
    expect(update({ s: { SS: ['a', 'b'] } }, 'DELETE s :v', { ':v': { SS: ['b'] } })).toEqual({ s: { SS: ['a'] } });
    expect(update({ s: { SS: ['a'] } }, 'DELETE s :v', { ':v': { SS: ['a', 'b'] } })).toEqual({});
  });

  it('fail for a path whose parent is not there', () => {
    expect(() => update({}, 'SET doc.x = :v', { ':v': { N: '1' } })).toThrow(
      'The document path provided in the update expression is invalid for update',
    );
  });

  it('fail for a sum that is too large', () => {
    expect(() => update({ n: { N: `9${'0'.repeat(125)}` } }, 'SET n = n + n')).toThrow(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  });
});
