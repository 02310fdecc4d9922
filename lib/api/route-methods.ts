import { AuthorizationType, type Integration, type MethodOptions, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { acknowledgeMethodFindings } from './api-findings.ts';
import type { JwtAuthorizer } from './jwt-authorizer.ts';
import { addPreflight } from './preflight.ts';
import { queryParameters } from './request-model.ts';
import { RequestModels } from './request-models.ts';
import type { Route } from './route.ts';
import { ACCOUNT_LIMITS_DEFAULT, type Throttle, warnAboveBound } from './throttle.ts';

export interface RouteMethodsProps {
  readonly restApi: RestApi;
  readonly auth: JwtAuthorizer;
  /** The stage's throttle. */
  readonly throttle: Throttle;
  readonly accountLimits?: Throttle;
  /** Read when the template is written, as routes are added later. */
  readonly routes: () => readonly Route[];
}

/** Makes a method of API Gateway out of a route: authorizer, key, validation, and the preflight of its path. */
export class RouteMethods {
  private readonly scope: Construct;
  private readonly props: RouteMethodsProps;
  private readonly models: RequestModels;
  private readonly validator: NonNullable<MethodOptions['requestValidator']>;

  /** @param scope of the models; belongs to the API */
  constructor(scope: Construct, props: RouteMethodsProps) {
    this.scope = scope;
    this.props = props;
    this.models = new RequestModels(scope, 'Models', { restApi: props.restApi });
    this.validator = props.restApi.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
  }

  /** @param options what the integration needs of its method */
  add(route: Route, integration: Integration, options: Partial<MethodOptions> = {}): void {
    const { restApi, auth } = this.props;
    this.warn(route);
    const resource = restApi.root.resourceForPath(route.path);
    const isNew = !restApi.methods.some((other) => other.resource.path === resource.path);
    const method = resource.addMethod(route.method, integration, {
      ...options,
      ...(route.isPublic
        ? { authorizationType: AuthorizationType.NONE }
        : {
            authorizationType: AuthorizationType.CUSTOM,
            authorizer: auth.requestAuthorizer,
            // Only methods that ask for a key are counted by usage plans; the key comes from the authorizer.
            apiKeyRequired: true,
          }),
      requestValidator: this.validator,
      requestParameters: requestParameters(route),
      ...(route.body && { requestModels: { 'application/json': this.models.modelFor(route, route.body) } }),
    });
    acknowledgeMethodFindings(method, route);
    if (isNew) addPreflight(resource, () => this.methodsOf(route.path));
  }

  private warn(route: Route): void {
    warnAboveAccount(this.scope, `${route}: throttle`, route.throttle, this.props.accountLimits);
    warnAboveBound(this.scope, {
      id: 'route-above-stage',
      subject: `${route}: throttle`,
      throttle: route.throttle,
      bound: this.props.throttle,
      boundSubject: "the stage's throttle",
      hint: "API Gateway lets the route have it; raise the stage's throttle, or lower the route's",
    });
  }

  private methodsOf(path: string): string[] {
    return this.props
      .routes()
      .filter((route) => route.path === path)
      .map(({ method }) => method);
  }
}

/** Warns about a throttle above what AWS grants the account. */
export function warnAboveAccount(
  scope: Construct,
  subject: string,
  throttle: Throttle | undefined,
  limits: Throttle | undefined,
): void {
  warnAboveBound(scope, {
    id: 'above-account',
    subject,
    throttle,
    bound: limits ?? ACCOUNT_LIMITS_DEFAULT,
    boundSubject: "the account's limit",
    hint: 'ask AWS to raise that limit and set accountLimits, or lower the throttle',
  });
}

function requestParameters(route: Route): Record<string, boolean> {
  const path = route.pathParameters.map((name) => [`method.request.path.${name}`, true]);
  const query = route.query === undefined ? [] : queryParameters(`${route}: query`, route.query);
  const inQuery = query.map(({ name, required }) => [`method.request.querystring.${name}`, required]);
  return Object.fromEntries([...path, ...inQuery]);
}
