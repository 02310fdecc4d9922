import type { Input } from '../aws-call.ts';
import { AwsError } from '../aws-error.ts';
import type { Protocol } from './protocol.ts';
import { queryInput } from './query-input.ts';
import type { WireResponse } from './wire-request.ts';
import { toXml } from './xml.ts';

/** AWS Query, which SNS and STS speak: a form in, XML out. */
export const queryProtocol: Protocol = {
  decode: ({ body }) => {
    const form = new URLSearchParams(body.toString());
    const operation = form.get('Action');
    if (!operation) throw new AwsError('MissingAction', 'the request has no Action');
    form.delete('Action');
    form.delete('Version');
    return { operation, input: queryInput(form) as Input };
  },
  encode: (operation, output, requestId) => {
    const result = toXml(`${operation}Result`, output ?? {});
    const metadata = toXml('ResponseMetadata', { RequestId: requestId });
    return xml(200, `<${operation}Response>${result}${metadata}</${operation}Response>`);
  },
  encodeError: (error, requestId) => {
    const Type = error.statusCode < 500 ? 'Sender' : 'Receiver';
    const details = toXml('Error', { Type, Code: error.queryCode ?? error.type, Message: error.message });
    return xml(error.statusCode, `<ErrorResponse>${details}${toXml('RequestId', requestId)}</ErrorResponse>`);
  },
};

function xml(statusCode: number, body: string): WireResponse {
  return { statusCode, headers: { 'Content-Type': 'text/xml' }, body };
}
