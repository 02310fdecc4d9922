/** Members of a request, not yet checked. */
export type Input = Readonly<Record<string, unknown>>;

/** A call to an AWS service as it reached the twin, whatever protocol it came by. */
export interface AwsCall {
  /** Prefix of the service's IAM actions: `dynamodb`, `sqs`. */
  readonly service: string;
  /** `PutItem`. */
  readonly operation: string;
  readonly input: Input;
  /** Access key id of the signature: says which function calls. `undefined` where the twin itself calls. */
  readonly accessKeyId: string | undefined;
  /** Address that the caller used, without a trailing slash: what URLs in answers start with. */
  readonly endpointUrl: string;
  /** Aborted when the caller hangs up; ends long polls. */
  readonly signal: AbortSignal;
}

/** One operation: its output, or a promise of it. Throws AwsError to refuse. */
export type Operation = (input: Input, call: AwsCall) => unknown;

/** A service of the endpoint: its operations by name. */
export type AwsService = Readonly<Record<string, Operation>>;

/** An answer that is not a JSON object, as Lambda's Invoke has it. */
export class RawOutput {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;

  constructor(statusCode: number, headers: Readonly<Record<string, string>>, body: Buffer) {
    this.statusCode = statusCode;
    this.headers = headers;
    this.body = body;
  }
}
