import { CfnModel, type IModel, Model, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { GenericSchema } from 'valibot';
import { SpillwayError } from '../spillway-error.ts';
import { requestModelSchema } from './request-model.ts';
import type { Route } from './route.ts';

/** One API Gateway model for each schema of a request body, however many routes share it. */
export class RequestModels extends Construct {
  private readonly restApi: RestApi;
  private readonly models = new Map<GenericSchema, IModel>();

  constructor(scope: Construct, id: string, props: { readonly restApi: RestApi }) {
    super(scope, id);
    this.restApi = props.restApi;
  }

  /** @throws SpillwayError for a schema that draft 4 cannot express, or a title that two schemas share */
  modelFor(route: Route, schema: GenericSchema): IModel {
    const present = this.models.get(schema);
    if (present) return present;
    const described = requestModelSchema(`${route}: body`, schema);
    const id = modelId(route, described.title);
    if (this.node.tryFindChild(id)) {
      throw new SpillwayError(
        'duplicate-schema',
        `${route}: body has the title '${id}' of another schema; give each schema a title of its own`,
        this,
      );
    }
    // Not the L2 Model: it renames keys such as `ref` and `schema` wherever they stand, properties of that name included.
    const resource = new CfnModel(this, id, {
      restApiId: this.restApi.restApiId,
      contentType: 'application/json',
      description: `Body of ${route}`,
      schema: described,
    });
    this.restApi.latestDeployment?.node.addDependency(resource);
    this.restApi.latestDeployment?.addToLogicalId({ model: described });
    const model = Model.fromModelName(this, `${id}Reference`, resource.ref);
    this.models.set(schema, model);
    return model;
  }
}

function modelId(route: Route, title: unknown): string {
  if (typeof title === 'string' && title !== '') return title;
  const words = [route.method.toLowerCase(), ...route.segments.map(({ text }) => text), 'request'];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
