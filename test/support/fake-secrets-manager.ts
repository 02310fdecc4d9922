import {
  type GetSecretValueRequest,
  InvalidParameterException,
  type PutSecretValueRequest,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  type UpdateSecretVersionStageRequest,
} from '@aws-sdk/client-secrets-manager';

const metadata = { $metadata: {} };
const CURRENT = 'AWSCURRENT';

/**
 * One secret of Secrets Manager in memory, with its versions and staging labels, behind a real SDK client whose requests
 * never leave the process. `onCall` runs before and after each operation's effect, and may throw: a crash.
 */
export class FakeSecretsManager {
  readonly client = new SecretsManagerClient({ region: 'eu-central-1', maxAttempts: 1 });
  readonly values = new Map<string, string>();
  /** Label → the one version that has it. */
  readonly labels = new Map<string, string>();
  onCall: (operation: string, phase: 'before' | 'after') => void = () => {};

  constructor(initialValue: string) {
    this.values.set('initial', initialValue);
    this.labels.set(CURRENT, 'initial');
    this.client.middlewareStack.add(
      (_next, context) => async (args) => {
        const operation = String(context.commandName);
        this.onCall(operation, 'before');
        const output = this.#operate(operation, args.input);
        this.onCall(operation, 'after');
        return { output: { ...metadata, ...output }, response: {} };
      },
      { step: 'initialize', priority: 'high' },
    );
  }

  get currentValue(): string | undefined {
    return this.values.get(this.labels.get(CURRENT) ?? '');
  }

  /** What RotateSecret does before it invokes the function: the version is there, pending, without a value. */
  beginRotation(token: string): void {
    this.labels.set('AWSPENDING', token);
  }

  stages(): Record<string, string[]> {
    const stages: Record<string, string[]> = {};
    for (const [label, version] of this.labels) stages[version] = [...(stages[version] ?? []), label];
    return stages;
  }

  #operate(operation: string, input: object): object {
    switch (operation) {
      case 'DescribeSecretCommand':
        return { VersionIdsToStages: this.stages() };
      case 'GetSecretValueCommand':
        return this.#getValue(input as GetSecretValueRequest);
      case 'PutSecretValueCommand':
        return this.#putValue(input as PutSecretValueRequest);
      case 'UpdateSecretVersionStageCommand':
        return this.#moveLabel(input as UpdateSecretVersionStageRequest);
      default:
        throw new Error(`unexpected ${operation}`);
    }
  }

  #getValue({ VersionId, VersionStage = CURRENT }: GetSecretValueRequest): object {
    const version = VersionId ?? this.labels.get(VersionStage) ?? '';
    const value = this.values.get(version);
    if (value === undefined) throw new ResourceNotFoundException({ message: `no value for ${version}`, ...metadata });
    return { SecretString: value, VersionId: version };
  }

  #putValue({ ClientRequestToken = '', SecretString = '', VersionStages = [] }: PutSecretValueRequest): object {
    const present = this.values.get(ClientRequestToken);
    if (present !== undefined && present !== SecretString) {
      throw new ResourceExistsException({ message: 'a version with another value exists', ...metadata });
    }
    this.values.set(ClientRequestToken, SecretString);
    for (const label of VersionStages) this.labels.set(label, ClientRequestToken);
    return {};
  }

  #moveLabel(request: UpdateSecretVersionStageRequest): object {
    const { VersionStage = '', MoveToVersionId = '', RemoveFromVersionId } = request;
    const holder = this.labels.get(VersionStage);
    if (holder !== undefined && holder !== RemoveFromVersionId) {
      throw new InvalidParameterException({ message: `${VersionStage} is attached to ${holder}`, ...metadata });
    }
    this.labels.set(VersionStage, MoveToVersionId);
    if (VersionStage === CURRENT && holder !== undefined) this.labels.set('AWSPREVIOUS', holder);
    return {};
  }
}
