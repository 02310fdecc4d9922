import type { Ask, ServiceQuestions } from '../question.ts';
import { member } from '../question.ts';

/**
 * The three operations share one action, told apart by the method in the ARN. The address of a call names API and stage; where
 * it does not, and the template has several WebSocket APIs, IAM is asked about any.
 */
const manage =
  (method: string): Ask =>
  (input, { arn, webSocketStage }) => {
    const id = member(input, 'ConnectionId');
    const given = [member(input, 'ApiId'), member(input, 'Stage')];
    const stage = given.includes('') ? (webSocketStage ?? '*/*') : given.join('/');
    return [
      {
        action: 'execute-api:ManageConnections',
        resource: arn('execute-api', `${stage}/${method}/@connections/${id}`),
      },
    ];
  };

export const EXECUTE_API_QUESTIONS: ServiceQuestions = {
  DeleteConnection: manage('DELETE'),
  GetConnection: manage('GET'),
  PostToConnection: manage('POST'),
};
