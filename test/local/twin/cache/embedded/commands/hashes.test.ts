import { describe, expect, it } from 'vitest';
import { freshCommandLine } from '../command-line.ts';

describe('commands of hashes', () => {
  it('keeps fields in the order of their arrival', () => {
    const run = freshCommandLine();
    expect(run('HSET h b 1 a 2')).toEqual(2);
    expect(run('HSET h b 3 c 4')).toEqual(1);
    expect(run('HGETALL h')).toEqual(['"b"', '"3"', '"a"', '"2"', '"c"', '"4"']);
    expect(run('HKEYS h')).toEqual(['"b"', '"a"', '"c"']);
    expect(run('HVALS h')).toEqual(['"3"', '"2"', '"4"']);
    expect(run('HLEN h')).toEqual(3);
  });

  it('reads fields and says which are missing', () => {
    const run = freshCommandLine();
    expect(run('HMSET h a 1')).toEqual('+OK');
    expect(run('HGET h a')).toEqual('"1"');
    expect(run('HGET h b')).toEqual(null);
    expect(run('HMGET h b a')).toEqual([null, '"1"']);
    expect(run('HMGET none a')).toEqual([null]);
    expect(run('HEXISTS h a')).toEqual(1);
    expect(run('HEXISTS h b')).toEqual(0);
    expect(run('HGETALL none')).toEqual([]);
  });

  it('is gone with its last field', () => {
    const run = freshCommandLine();
    expect(run('HSET h a 1 b 2')).toEqual(2);
    expect(run('HDEL h a none')).toEqual(1);
    expect(run('EXISTS h')).toEqual(1);
    expect(run('HDEL h b')).toEqual(1);
    expect(run('EXISTS h')).toEqual(0);
    expect(run('HDEL h b')).toEqual(0);
  });

  it('counts in fields', () => {
    const run = freshCommandLine();
    expect(run('HINCRBY h n 5')).toEqual(5n);
    expect(run('HINCRBY h n -7')).toEqual(-2n);
    expect(run('HINCRBYFLOAT h f 0.1')).toEqual('"0.1"');
    expect(run('HINCRBYFLOAT h f 0.2')).toEqual('"0.3"');
    expect(run('HSETNX h n 9')).toEqual(0);
    expect(run('HSETNX h m 9')).toEqual(1);
  });

  it('fails on odd fields and bad numbers', () => {
    const run = freshCommandLine();
    expect(run('HSET h a')).toEqual("-ERR wrong number of arguments for 'hset' command");
    expect(run('HSET h a 1 b')).toEqual("-ERR wrong number of arguments for 'hset' command");
    expect(run('HSET h a text')).toEqual(1);
    expect(run('HINCRBY h a 1')).toEqual('-ERR hash value is not an integer');
    expect(run('HINCRBYFLOAT h a 1')).toEqual('-ERR hash value is not a float');
    expect(run('HINCRBYFLOAT h b inf')).toEqual('-ERR value is NaN or Infinity');
    expect(run('SET s 1')).toEqual('+OK');
    expect(run('HGET s a')).toEqual('-WRONGTYPE Operation against a key holding the wrong kind of value');
  });
});
