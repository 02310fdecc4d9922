import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../lambdas/adapters/logger.ts';

describe('createLogger', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('writes one JSON line, an error with its stack and cause', () => {
    // Powertools writes past the global console otherwise, as Lambda wants it; it also splits stacks into lines then.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
    createLogger('feed').error('request', { status: 500, error: new Error('why', { cause: new Error('deeper') }) });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'ERROR',
      message: 'request',
      service: 'feed',
      status: 500,
      error: {
        name: 'Error',
        message: 'why',
        stack: expect.arrayContaining(['Error: why']),
        cause: { message: 'deeper' },
      },
    });
  });
});
