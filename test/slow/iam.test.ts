import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, signUpPerson } from '../../local/demo/api-client.ts';
import { startTwin, type Twin } from '../../local/twin/twin.ts';
import { physicalId } from '../support/aws-of-twin.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { runTwin } from '../support/running-twin.ts';

const STACK = 'lib/stacks/services/feed-service.ts';
const POSTS_GRANT = `feed.useTable(tables.posts, {
    environment: Env.POSTS_TABLE,
    actions: ['dynamodb:PutItem', 'dynamodb:Query'],`;
const POST = { text: 'hello' };

describe('the stage as it is', () => {
  let twin: Twin;
  let ada: Person;

  beforeAll(async () => {
    twin = await runTwin();
    ada = await signUpPerson(twin.apiUrl, 'ada');
  });
  afterAll(() => twin?.close());

  it('reports what it was granted and did not use', async () => {
    await ada.client.expect(201, 'POST', '/api/feed', POST);
    const unused = twin.iamReport().unused.filter(({ role }) => role === 'Api/Feed/Role');
    const posts = expect.stringContaining(`table/${physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Posts')}`);
    const policy = expect.stringMatching(/^ApiFeedRoleDefaultPolicy/);
    const grant = { role: 'Api/Feed/Role', policy, resource: posts };
    expect(unused).toContainEqual({ ...grant, action: 'dynamodb:Query' });
    expect(unused).not.toContainEqual({ ...grant, action: 'dynamodb:PutItem' });
  });
});

describe('a grant taken out of a construct', () => {
  const project = new ProjectCopy();
  const log: string[] = [];
  const lines: string[] = [];
  let assemblyDir: string;

  beforeAll(async () => {
    project.edit(STACK, POSTS_GRANT, POSTS_GRANT.replace("'dynamodb:PutItem', ", ''));
    assemblyDir = await project.synthesize();
  });
  afterAll(() => project.remove());

  async function withTwin(iam: 'enforce' | 'warn', use: (twin: Twin, ada: Person) => Promise<void>): Promise<void> {
    const twin = await startTwin({
      assemblyDir,
      port: 0,
      iam,
      embeddedCache: process.env.SPILLWAY_TEST_CACHE === 'embedded',
      log: (line) => log.push(line),
      onFunctionLine: (_label, line) => lines.push(line.text),
    });
    try {
      await use(twin, await signUpPerson(twin.apiUrl, 'ada'));
    } finally {
      await twin.close();
    }
  }

  /** AWS's sentence about the feed's function and its table of posts. */
  function sentence(twin: Twin): string {
    const [fn, role] = ['AWS::Lambda::Function', 'AWS::IAM::Role'].map((type) => physicalId(twin, type, 'Api/Feed/'));
    const table = physicalId(twin, 'AWS::DynamoDB::GlobalTable', 'Posts');
    return (
      `User: arn:aws:sts::000000000000:assumed-role/${role}/${fn} is not authorized to perform: dynamodb:PutItem on resource: ` +
      `arn:aws:dynamodb:us-east-1:000000000000:table/${table} because no identity-based policy allows the dynamodb:PutItem action`
    );
  }

  it('makes the route fail, and the twin and the function say what AWS would', async () => {
    await withTwin('enforce', async (twin, ada) => {
      // What the feed answers where a post could not be kept.
      expect((await ada.client.send('POST', '/api/feed', POST)).status).toBe(503);
      await ada.client.expect(200, 'GET', '/api/feed');
      expect(log).toContain(sentence(twin));
      expect(lines.some((line) => line.includes(sentence(twin)))).toBe(true);
      expect(twin.iamReport().denied[0]?.message).toBe(sentence(twin));
    });
  });

  it('only shows in the log and in the report with --iam warn', async () => {
    await withTwin('warn', async (twin, ada) => {
      await ada.client.expect(201, 'POST', '/api/feed', POST);
      expect(log).toContain(`IAM would deny in AWS: ${sentence(twin)}`);
      expect(twin.iamReport()).toMatchObject({ mode: 'warn', denied: [{ message: sentence(twin), count: 1 }] });
    });
  });
});
