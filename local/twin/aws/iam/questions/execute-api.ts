import type { Ask, ServiceQuestions } from '../question.ts';
import { member } from '../question.ts';

/**
 * The three operations share one action, told apart by the method in the ARN. Where the twin cannot tell which API a connection
 * belongs to, it asks about any.
 */
const manage =
  (method: string): Ask =>
  (input, { arn, lookups, webSocketStage }) => {
    const id = member(input, 'ConnectionId');
    const stage = lookups.stageOfConnection?.(id) ?? webSocketStage ?? '*/*';
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
