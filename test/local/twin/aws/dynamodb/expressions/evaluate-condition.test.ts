import { describe, expect, it } from 'vitest';
import { compileExpressions } from '../../../../../../local/twin/aws/dynamodb/expressions/compile.ts';
import { satisfies } from '../../../../../../local/twin/aws/dynamodb/expressions/evaluate-condition.ts';
import type { AttributeValue } from '../../../../../../local/twin/aws/dynamodb/values/attribute-value.ts';

const item = {
  title: { S: 'Größe' },
  n: { N: '10' },
  big: { N: '12345678901234567890123456789012345678' },
  tags: { SS: ['b', 'a'] },
  deep: { L: [{ M: { x: { N: '1' }, y: { S: 'z' } } }] },
  doc: { M: { x: { N: '1' }, y: { L: [] } } },
  bytes: { B: 'AQL/' },
};

function holds(ConditionExpression: string, v?: AttributeValue): boolean {
  const compiled = compileExpressions({
    ConditionExpression,
    ...(v && { ExpressionAttributeValues: { ':v': v } }),
  });
  if (typeof compiled === 'string' || !compiled.condition) throw new Error(String(compiled));
  return satisfies(item, compiled.condition.condition, compiled.values);
}

describe('conditions', () => {
  it('compare sets, lists and maps by what is in them', () => {
    expect(holds('tags = :v', { SS: ['a', 'b'] })).toBe(true);
    expect(holds('tags = :v', { SS: ['a'] })).toBe(false);
    expect(holds('doc = :v', { M: { y: { L: [] }, x: { N: '1' } } })).toBe(true);
    expect(holds('doc <> :v', { M: { x: { N: '1' } } })).toBe(true);
    expect(holds('deep = :v', { L: [{ M: { x: { N: '1' }, y: { S: 'z' } } }] })).toBe(true);
    expect(holds('contains(deep, :v)', { M: { y: { S: 'z' }, x: { N: '1' } } })).toBe(true);
  });

  it('find that what is missing equals nothing, and differs from everything', () => {
    expect(holds('nothing = nowhere')).toBe(false);
    expect(holds('nothing <> nowhere')).toBe(true);
    expect(holds('nothing < :v', { N: '1' })).toBe(false);
    expect(holds('NOT nothing < :v', { N: '1' })).toBe(true);
  });

  it('compare all 38 digits of a number', () => {
    expect(holds('big > :v', { N: '12345678901234567890123456789012345677' })).toBe(true);
    expect(holds('big > :v', { N: '12345678901234567890123456789012345678' })).toBe(false);
  });

  it('give no order to values of different types', () => {
    expect(holds('n < :v', { S: '99' })).toBe(false);
    expect(holds('n >= :v', { S: '99' })).toBe(false);
  });

  it('take the size of texts and binaries in bytes', () => {
    expect(holds('size(title) = :v', { N: '7' })).toBe(true);
    expect(holds('size(bytes) = :v', { N: '3' })).toBe(true);
    expect(holds('size(deep) = :v', { N: '1' })).toBe(true);
  });

  it('compare binaries by bytes', () => {
    expect(holds('begins_with(bytes, :v)', { B: 'AQI=' })).toBe(true);
    expect(holds('contains(bytes, :v)', { B: '/w==' })).toBe(true);
    expect(holds('bytes < :v', { B: 'AQMA' })).toBe(true);
  });

  it('bind the values of each request to an expression that was parsed before', () => {
    for (const limit of ['9', '10', '11']) {
      expect(holds('n BETWEEN :v AND :v', { N: limit })).toBe(limit === '10');
    }
  });

  it('fail again for bounds in the wrong order, though the expression was parsed before', () => {
    const texts = (low: string, high: string) => ({
      ConditionExpression: 'n BETWEEN :low AND :high',
      ExpressionAttributeValues: { ':low': { N: low }, ':high': { N: high } },
    });
    expect(typeof compileExpressions(texts('1', '2'))).toBe('object');
    expect(compileExpressions(texts('2', '1'))).toBe(
      'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ' +
        'lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    );
  });
});
