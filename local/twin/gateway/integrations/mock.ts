import { refuse } from '../answer/refusal.ts';
import type { MapRequest } from '../mapping/request-mapping.ts';
import type { MapResponse } from '../mapping/response-mapping.ts';
import type { Integration } from './integration.ts';

/**
 * The request template of a mock says the status that the integration responses choose by: `{"statusCode": 200}`, often
 * without quotes. The status of the answer is that of the chosen response.
 */
const STATUS_CODE = /["']?statusCode["']?\s*:\s*["']?(\d{3})\b/;

/** MOCK: the answer stands in the template, as for CORS preflights. */
export function mockIntegration(mapRequest: MapRequest, mapResponse: MapResponse): Integration {
  return {
    type: 'MOCK',
    target: undefined,
    call: (exchange) => {
      const request = mapRequest(exchange);
      if ('kind' in request) return Promise.resolve(request);
      const body = request.body.toString();
      const status = STATUS_CODE.exec(body)?.[1];
      if (status === undefined) {
        const got = JSON.stringify(body.slice(0, 200));
        return Promise.resolve(
          refuse('API_CONFIGURATION_ERROR', `the request template of a MOCK must give {"statusCode": …}, got ${got}`),
        );
      }
      exchange.integrationStatus = Number(status);
      const response = { status: Number(status), selectBy: status, headers: new Map(), body: '' };
      return Promise.resolve(mapResponse(exchange, response));
    },
  };
}
