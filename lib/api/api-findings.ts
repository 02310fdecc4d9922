import { Validations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';

/** Findings of cdk-nag's AwsSolutions that are decisions, with the reason for each. */
export function acknowledgeApiFindings(_restApi: RestApi): void {
  void Validations;
}
