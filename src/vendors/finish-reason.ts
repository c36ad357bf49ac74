import type { FinishReason } from '../messages/chunk.js'

/** The reasons that vendors give, in lower case and without what separates the words. */
const reasons: Readonly<Record<FinishReason, readonly string[]>> = {
  stop: [
    'stop',
    'endturn',
    'stopsequence',
    'eos',
    'complete',
    'completed',
    'normal',
    'finish',
    'finished',
    'done',
  ],
  length: [
    ...['length', 'maxtokens', 'maxoutputtokens', 'maxlength', 'modellength', 'tokenlimit'],
    ...['modelcontextwindowexceeded', 'contextlengthexceeded'],
  ],
  'content-filter': [
    ...['contentfilter', 'contentfiltered', 'refusal', 'sensitive', 'safety', 'recitation', 'blocklist'],
    ...[
      'prohibitedcontent',
      'spii',
      'imagesafety',
      'imageprohibitedcontent',
      'imagerecitation',
      'modelarmor',
    ],
    ...['guardrailintervened', 'violation', 'datainspectionfailed'],
  ],
  'tool-calls': ['toolcalls', 'toolcall', 'tooluse', 'functioncall', 'functioncalls', 'functionstruncated'],
  error: [
    ...['error', 'networkerror', 'insufficientsystemresource', 'abort', 'aborted', 'failed', 'exception'],
    ...['malformedfunctioncall', 'malformedresponse', 'unexpectedtoolcall', 'toomanytoolcalls'],
  ],
  interrupted: ['pauseturn', 'interrupted', 'interrupt', 'paused', 'requiresaction', 'humaninputrequired'],
  other: [],
}

const byName = new Map(
  (Object.keys(reasons) as FinishReason[]).flatMap((reason) =>
    reasons[reason].map((name) => [name, reason] as const),
  ),
)

/** A vendor's reason in the one vocabulary; undefined while it gives none: nothing, empty, the word "null". */
export function finishReasonOf(reason: unknown): FinishReason | undefined {
  if (typeof reason !== 'string' || reason === '' || reason === 'null') return undefined
  return byName.get(reason.toLowerCase().replace(/[^a-z]/g, '')) ?? 'other'
}
