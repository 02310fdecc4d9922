import { describe, expect, test } from 'vitest';
import { parseVelocity } from '../../../../../local/twin/gateway/mapping/velocity-template.ts';

const render = (text: string, variables: Record<string, unknown> = {}) => parseVelocity(text).render(variables);

describe('a Velocity template', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['text without variables', '{"a": 1}', {}, '{"a": 1}'],
    ['a variable', 'a $x b', { x: 1 }, 'a 1 b'],
    ['a variable in braces', `\${x}y`, { x: 'a' }, 'ay'],
    ['a property that is not there', 'a $context.none b', { context: {} }, 'a  b'],
    ['a property that is null', 'a $context.none b', { context: { none: null } }, 'a  b'],
    ['a variable that does not exist', 'a $nobody.x b', {}, 'a $nobody.x b'],
    ['a quiet variable that does not exist', 'a $!nobody b', {}, 'a  b'],
    ['#set', '#set($x = 5 + 3)$x', {}, '8'],
    ['#set with text and a variable in it', `#set($y = "a\${x}b")$y`, { x: 1 }, 'a1b'],
    ['#if', '#if($x > 1)more#elseif($x == 1)one#{else}less#end', { x: 1 }, 'one'],
    ['#if with and, not', '#if($x && !$y)yes#end', { x: 'a' }, 'yes'],
    ['#foreach', '#foreach($i in $x)$i#if($foreach.hasNext),#end#end', { x: ['a', 'b', 'c'] }, 'a,b,c'],
    ['#foreach within #foreach', '#foreach($i in $x)#foreach($j in $i)$j;#end#end', { x: [[1, 2], [3]] }, '1;2;3;'],
    [
      '#foreach with its counters',
      '#foreach($i in $x)$foreach.index$foreach.count$velocityCount#end',
      { x: [0] },
      '011',
    ],
    ['#foreach over keys', '#foreach($k in $x.keySet())$k=$x.get($k);#end', { x: { a: 1, b: 2 } }, 'a=1;b=2;'],
    ['a comment', 'a## said to nobody\nb#* nor this *#c', {}, 'abc'],
    ['a map and a list, printed as Java does', '$x', { x: { a: 1, b: ['c', null] } }, '{a=1, b=[c, null]}'],
    ['a list by its index', '$x[1] $x.get(0)', { x: ['a', 'b'] }, 'b a'],
    ['a map that it makes', '#set($m = {"a": 1})#set($m.b = 2)#set($r = $m.put("c", 3))$m.size()', {}, '3'],
    ['a list that it makes', '#set($l = [])#set($r = $l.add("x"))$l.get(0)', {}, 'x'],
    ['dollars and hashes that mean nothing', '$ 5 #1 $1.00', {}, '$ 5 #1 $1.00'],
  ])('renders %s', (_, text, variables, expected) => {
    expect(render(text, variables)).toBe(expected);
  });

  test('sets properties of the variables that it is given', () => {
    const context = { responseOverride: { header: {} } };
    render(`#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-A = "b")`, { context });
    render(`#set($context.responseOverride.header['X-C'] = 'd')`, { context });
    expect(context).toEqual({ responseOverride: { status: 404, header: expect.objectContaining({ 'X-C': 'd' }) } });
  });

  test('keeps nothing from one rendering to the next', () => {
    const template = parseVelocity('$x#set($x = 2)#break');
    expect(template.render({ x: 1 })).toBe('1');
    expect(template.render({ x: 3 })).toBe('3');
  });

  test('does not reach the inside of JavaScript', () => {
    expect(render('$x.constructor', { x: {} })).not.toContain('native code');
    expect(render('$x.constructor("return 1")', { x: 'a' })).toBe('');
  });

  test('fails on a method that the twin does not have, with its name', () => {
    expect(() => render('$x.hashCode()', { x: 'a' })).toThrow(
      'a template of the twin has no method .hashCode() for a string',
    );
  });

  test('fails on what is no template', () => {
    expect(() => parseVelocity('#foreach($x in ) #end')).toThrow(/Parse error on line 1/);
  });
});
