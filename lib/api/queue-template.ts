import { TRACEPARENT_PATTERN } from '../../lambdas/contract/traceparent.ts';
import { WORK_ITEM_MAX_BYTES } from '../../lambdas/contract/work.ts';

/** By whom messages take turns, or keep their order: the tenant counts as the user where a caller has none. */
export type QueueGroup = 'user' | 'tenant';

export interface QueueTemplateOptions {
  readonly group: QueueGroup | undefined;
  /** Whether the queue is FIFO, and wants to know which messages are the same. */
  readonly fifo: boolean;
}

/** What a message holds besides the body: id, time, trace, group and subject, each bounded by the authorizer's 8 KB. */
const ENVELOPE_MAX_BYTES = 16 * 1_024;
/** Largest body that a message takes, as JSON without blanks, in bytes of UTF-8. */
export const QUEUED_BODY_MAX_BYTES = WORK_ITEM_MAX_BYTES - ENVELOPE_MAX_BYTES;
/** Base64 writes three bytes as four characters, and is the only measure of bytes that templates have. */
const BASE64_MAX_LENGTH = Math.floor(QUEUED_BODY_MAX_BYTES / 3) * 4;

/** Bound of SQS on a group's name, which takes printable ASCII. */
const GROUP_MAX_LENGTH = 128;

/**
 * The mapping template that makes a call of SQS out of a request: the form of SendMessage, whose message is a `WorkItem`.
 *
 * No text of a caller gets between the form's and the JSON's own characters. The body is not the text that was sent but
 * what API Gateway has parsed, written again; names are escaped as JSON first; and all of it is then encoded for the form.
 * The id is the extended request id, which callers cannot choose as they can the request id (`x-amzn-RequestId`).
 *
 * A body that is too large leaves the message out, which SQS refuses: templates have no other way to refuse.
 */
export function queueTemplate({ group, fifo }: QueueTemplateOptions): string {
  const message = [
    form('{"id":"'),
    '$util.urlEncode($id)',
    form('","acceptedAtMs":'),
    '$context.requestTimeEpoch',
    `#if($trace.matches('${TRACEPARENT_PATTERN}'))${form(',"traceparent":"')}$trace${form('"')}#end`,
    ...(group === undefined ? [] : [form(',"group":"'), jsonInForm('$group'), form('"')]),
    form(',"data":{"sub":"'),
    jsonInForm('$context.authorizer.sub'),
    form('","body":'),
    '$util.urlEncode($body)',
    form('}}'),
  ];
  // In one line, since whatever stands between directives would stand in the form as well. No letter may follow `#end`.
  return [
    'Action=SendMessage',
    "#set($id=$context.extendedRequestId)#set($body=$input.json('$'))#set($trace=$input.params('traceparent'))",
    group === undefined ? '' : groupName(group),
    `#if($util.base64Encode($body).length()<=${BASE64_MAX_LENGTH})&MessageBody=${message.join('')}#end`,
    group === undefined ? '' : '&MessageGroupId=$util.urlEncode($group)',
    fifo ? '&MessageDeduplicationId=$util.urlEncode($id)' : '',
  ].join('');
}

/** Sets `$group`. The end of a name tells callers apart: `<issuer>|<subject>`. */
function groupName(group: QueueGroup): string {
  const user = '#set($group="user:$context.authorizer.sub")';
  const tenant = '#if("$!context.authorizer.tenant"!="")#set($group="tenant:$context.authorizer.tenant")#end';
  return [
    user,
    group === 'tenant' ? tenant : '',
    "#set($group=$group.replaceAll('[^!-~]','_'))",
    `#if($group.length()>${GROUP_MAX_LENGTH})#set($start=$group.length() - ${GROUP_MAX_LENGTH})`,
    '#set($group=$group.substring($start))#end',
  ].join('');
}

/** A piece of the message that is the same in all of them, encoded for the form. */
function form(text: string): string {
  return encodeURIComponent(text);
}

/**
 * A text as it stands within quotes of the message. `escapeJavaScript` escapes single quotes as well, which JSON does not
 * know; the replacement is the one of the developer guide.
 */
function jsonInForm(text: string): string {
  return `$util.urlEncode($util.escapeJavaScript(${text}).replaceAll("\\\\'","'"))`;
}
