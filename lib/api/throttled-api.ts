import { Annotations, Stack } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, type RequestValidator, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { Env } from '../../lambdas/contract/environment.ts';
import { SCOPES } from '../../lambdas/contract/scopes.ts';
import { ServiceFunction, TIMEOUT_DEFAULT } from '../compute/service-function.ts';
import { SpillwayError } from '../spillway-error.ts';
import { type AdmissionOptions, type StoreAccess, storeAccess } from './admission-options.ts';
import { acknowledgeApiFindings, acknowledgeMethodFindings } from './api-findings.ts';
import { GatewayResponses } from './gateway-responses.ts';
import type { FunctionOptions, JwtAuthorizer } from './jwt-authorizer.ts';
import { LimitTable } from './limit-table.ts';
import { type OpenApiDocument, openApiDocument } from './openapi.ts';
import { addPreflight } from './preflight.ts';
import { queryParameters } from './request-model.ts';
import { RequestModels } from './request-models.ts';
import { createRestApi, type RestApiOptions } from './rest-api.ts';
import type { Route } from './route.ts';
import { RouteTable, type ServedRoute } from './route-table.ts';
import { scopeRoutes } from './scope-routes.ts';
import { type AdmissionSpecInput, admissionSpec, type ServiceAdmissionOptions } from './service-admission.ts';
import { validateServiceName } from './service-name.ts';
import { TenantKeys } from './tenant-keys.ts';
import { ACCOUNT_LIMITS_DEFAULT, type Throttle, validateThrottle, warnAboveBound } from './throttle.ts';
import { TierPlans, validateTiers } from './tier-plans.ts';
import type { UsageTier } from './usage-tier.ts';

export interface ThrottledApiProps extends AdmissionOptions, RestApiOptions {
  /** Classes of users; `free` must be among them. */
  readonly tiers: readonly UsageTier[];
  /** Who checks tokens. */
  readonly auth: JwtAuthorizer;
  /** Scope → what it permits. @default - the scopes of `lambdas/contract/scopes.ts` */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The account's own limits in the Region, against which throttles are checked. @default - 10,000 per second, burst 5,000 */
  readonly accountLimits?: Throttle;
}

export interface ServiceProps extends FunctionOptions, ServiceAdmissionOptions {
  /** Folder of the handler below `lambdas/services`. */
  readonly handler: string;
  /** What the function does, shown in the console. @default - names the service */
  readonly description?: string;
  /** What it serves; at least one route. */
  readonly routes: readonly Route[];
}

/**
 * A Regional REST API in front of Lambda services, which admits what its tiers, throttles and limits say. Every refusal is
 * a problem document; every request is one line of JSON in the access log.
 */
export class ThrottledApi extends Construct {
  readonly restApi: RestApi;
  readonly stageName: string;
  /** Base URL, without a slash at the end; also the `iss` of our own tokens. */
  readonly url: string;
  /** Name → function, in the order of `addService`. */
  readonly services: ReadonlyMap<string, ServiceFunction>;
  /** Name of a service → how it admits requests. */
  readonly admission: ReadonlyMap<string, AdmissionSpecInput>;
  private readonly added = new Map<string, ServiceFunction>();
  private readonly admissionSpecs = new Map<string, AdmissionSpecInput>();
  private readonly store: StoreAccess;
  private readonly limits: LimitTable;
  private readonly table: RouteTable;
  private readonly models: RequestModels;
  private readonly validator: RequestValidator;
  private readonly plans: TierPlans;
  private readonly props: ThrottledApiProps;
  private readonly scopes: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ThrottledApiProps) {
    super(scope, id);
    this.validateProps(props);
    this.store = storeAccess(props, this);
    this.limits = new LimitTable(this, this.store.shards);
    this.admission = this.admissionSpecs;
    this.props = props;
    this.stageName = props.stageName;
    this.services = this.added;
    this.scopes = props.scopes ?? SCOPES;
    this.table = new RouteTable(this, Object.keys(this.scopes));

    this.restApi = createRestApi(this, props, () => this.routes);
    const { region, urlSuffix } = Stack.of(this);
    // The name of the stage, not a reference to it: the authorizer knows this URL, and the stage waits for the authorizer.
    this.url = `https://${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}/${props.stageName}`;
    new GatewayResponses(this, 'Responses', { restApi: this.restApi });
    this.models = new RequestModels(this, 'Models', { restApi: this.restApi });
    this.validator = this.restApi.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    this.plans = new TierPlans(this, 'Tiers', {
      tiers: props.tiers,
      restApi: this.restApi,
      stage: this.restApi.deploymentStage,
      accountLimits: props.accountLimits ?? ACCOUNT_LIMITS_DEFAULT,
    });
    props.auth.guard({
      url: this.url,
      stageName: props.stageName,
      scopeRoutes: () => scopeRoutes(this.routes),
      tierKeys: () => this.plans.keys,
      claims: () => this.limits.claims,
    });
    acknowledgeApiFindings(this.restApi);
  }

  /** All routes, in the order in which they were added. */
  get routes(): readonly Route[] {
    return this.table.entries.map(({ route }) => route);
  }

  /** The same, each with its service. */
  get servedRoutes(): readonly ServedRoute[] {
    return this.table.entries;
  }

  /**
   * A function, and the routes that lead to it.
   * @throws SpillwayError for a name that is taken, or a route that cannot stand beside those that are there
   */
  addService(name: string, props: ServiceProps): ServiceFunction {
    const { handler, routes, description, environment, adaptiveLimit, dependencies, parkedMax, ...options } = props;
    validateServiceName(name, this.added, this);
    if (routes.length === 0) {
      throw new SpillwayError(
        'service-without-routes',
        `service '${name}': routes must hold at least one, got none`,
        this,
      );
    }
    // All of it before any resource, so that a mistake leaves nothing half done.
    const admission = admissionSpec({
      service: name,
      options: props,
      routes,
      tiers: this.props.tiers,
      store: this.store,
      reservedConcurrency: options.reservedConcurrency,
      timeout: options.timeout ?? TIMEOUT_DEFAULT,
      scope: this,
    });
    for (const route of routes) this.limits.add(route);
    const shadowed = routes.flatMap((route) => this.table.add(name, route));
    for (const { shadowed: route, by } of shadowed) {
      Annotations.of(this).addWarningV2(
        'spillway:shadowed-route',
        `${route} does not see every request that fits it: API Gateway prefers ${by} where both do`,
      );
    }
    const service = new ServiceFunction(this, name, {
      ...options,
      handler: `services/${handler}`,
      description: description ?? `Service ${name}`,
      environment: {
        ...environment,
        [Env.STAGE]: this.stageName,
        [Env.ROUTES]: JSON.stringify(routes.map(({ spec }) => spec)),
        [Env.TIER_LIMITS]: JSON.stringify(this.plans.limits),
        [Env.ADMISSION]: JSON.stringify(admission),
      },
    });
    service.node.addValidation({ validate: () => parkingFaults(name, routes, service) });
    this.added.set(name, service);
    this.admissionSpecs.set(name, admission);
    const integration = new LambdaIntegration(service.alias, {
      // One permission for the whole API: with one for each method, a few dozen routes exceed the policy's 20 KB.
      scopePermissionToMethod: false,
    });
    for (const route of routes) this.addMethod(route, integration);
    return service;
  }

  /** Lets a service sign the tokens of our own issuer: tells it `iss`, `aud` and the tokens' lifetimes. */
  issueTokens(identity: ServiceFunction): void {
    const own = this.props.auth.ownIssuer;
    if (!own) {
      throw new SpillwayError(
        'no-own-issuer',
        'the authorizer accepts no tokens of our own; add TokenIssuer.own() to its issuers',
        this,
      );
    }
    identity.addEnvironment(Env.ISSUER, this.url);
    identity.addEnvironment(Env.AUDIENCE, own.audience);
    identity.addEnvironment(Env.ACCESS_TOKEN_SECONDS, String(own.accessTokenLifetime.toSeconds()));
    identity.addEnvironment(Env.REFRESH_TOKEN_SECONDS, String(own.refreshTokenLifetime.toSeconds()));
  }

  /** Lets a service create and remove tenants' API keys, in the plans of the tiers whose `keys` are `tenant`. */
  manageTenantKeys(tenants: ServiceFunction): void {
    new TenantKeys(this, 'TenantKeys', { service: tenants, plans: this.plans });
  }

  /** The routes as an OpenAPI 3.1 document; the same routes give the same text. */
  openApiDocument(): OpenApiDocument {
    return openApiDocument({ routes: this.table.entries, scopes: this.scopes, stageName: this.stageName });
  }

  private validateProps(props: ThrottledApiProps): void {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(props.stageName)) {
      throw new SpillwayError(
        'invalid-stage-name',
        `api: stageName must be letters, digits, hyphens and underscores, got '${props.stageName}'`,
        this,
      );
    }
    validateTiers(props.tiers, this);
    validateThrottle('api: throttle', props.throttle, { scope: this });
    validateThrottle('api: accountLimits', props.accountLimits, { scope: this });
    this.warnAboveAccount('api: throttle', props.throttle, props.accountLimits);
  }

  private warnAboveAccount(subject: string, throttle: Throttle | undefined, limits: Throttle | undefined): void {
    warnAboveBound(this, {
      id: 'above-account',
      subject,
      throttle,
      bound: limits ?? ACCOUNT_LIMITS_DEFAULT,
      boundSubject: "the account's limit",
      hint: 'ask AWS to raise that limit and set accountLimits, or lower the throttle',
    });
  }

  private addMethod(route: Route, integration: LambdaIntegration): void {
    this.warnAboveAccount(`${route}: throttle`, route.throttle, this.props.accountLimits);
    warnAboveBound(this, {
      id: 'route-above-stage',
      subject: `${route}: throttle`,
      throttle: route.throttle,
      bound: this.props.throttle,
      boundSubject: "the stage's throttle",
      hint: "API Gateway lets the route have it; raise the stage's throttle, or lower the route's",
    });
    const resource = this.restApi.root.resourceForPath(route.path);
    const isNew = !this.restApi.methods.some((other) => other.resource.path === resource.path);
    const method = resource.addMethod(route.method, integration, {
      ...(route.isPublic
        ? { authorizationType: AuthorizationType.NONE }
        : {
            authorizationType: AuthorizationType.CUSTOM,
            authorizer: this.props.auth.requestAuthorizer,
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

  private methodsOf(path: string): string[] {
    return this.routes.filter((route) => route.path === path).map(({ method }) => method);
  }
}

/** Requests would be shed instead, without a word. */
function parkingFaults(name: string, routes: readonly Route[], service: ServiceFunction): string[] {
  const parks = routes.find(({ whenOverloaded }) => whenOverloaded.parkFor !== undefined);
  if (parks === undefined || service.hasEnvironment(Env.PARKING_QUEUE)) return [];
  return [
    `service '${name}': ${parks} parks requests, but there is no queue for them; add a ParkingLot for the service`,
  ];
}

function requestParameters(route: Route): Record<string, boolean> {
  const path = route.pathParameters.map((name) => [`method.request.path.${name}`, true]);
  const query = route.query === undefined ? [] : queryParameters(`${route}: query`, route.query);
  const inQuery = query.map(({ name, required }) => [`method.request.querystring.${name}`, required]);
  return Object.fromEntries([...path, ...inQuery]);
}
