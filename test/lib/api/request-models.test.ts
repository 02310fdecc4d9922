import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RequestModels } from '../../../lib/api/request-models.ts';
import { Route } from '../../../lib/api/route.ts';
import { SpillwayError } from '../../../lib/spillway-error.ts';
import { flaggedStack } from '../../support/flagged-app.ts';

const newModels = () => {
  const stack = flaggedStack();
  return new RequestModels(stack, 'Models', { restApi: new RestApi(stack, 'Api') });
};
const post = (path: string) => Route.post(path, { scope: 'feed:write' });
const titled = () => v.pipe(v.object({ text: v.string() }), v.title('Draft'));

describe('RequestModels', () => {
  it('makes one model of a schema, however many routes share it', () => {
    const models = newModels();
    const schema = titled();
    expect(models.modelFor(post('/a'), schema)).toBe(models.modelFor(post('/b'), schema));
    expect(models.node.tryFindChild('Draft')).toBeDefined();
  });

  it('names a schema without a title after its route', () => {
    const models = newModels();
    models.modelFor(post('/drafts/{id}'), v.object({}));
    expect(models.node.tryFindChild('PostDraftsIdRequest')).toBeDefined();
  });

  it('fails on two schemas with one title', () => {
    const models = newModels();
    models.modelFor(post('/a'), titled());
    expect(() => models.modelFor(post('/b'), titled())).toThrow(
      new SpillwayError(
        'duplicate-schema',
        "route 'POST /b': body has the title 'Draft' of another schema; give each schema a title of its own",
        models,
      ),
    );
  });

  it('fails on a schema that API Gateway could not check', () => {
    expect(() => newModels().modelFor(post('/a'), v.map(v.string(), v.string()))).toThrow(
      `route 'POST /a': body cannot be written as JSON Schema: The "map" schema cannot be converted to JSON Schema.`,
    );
  });
});
