import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, idOf, listOf, textOf, type Fields } from './fields.js'
import { finishReasonOf } from './finish-reason.js'
import { usageOf } from './usage.js'

/**
 * Google's Gemini, `streamGenerateContent` with `alt=sse`. Signatures of thoughts are in `providerMetadata`, as the AI
 * SDK has them. Its OpenAI-compatible side is `openAI`'s.
 *
 * Stopped by hanging up. Ends with a finishReason.
 * @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
 */
export const gemini = defineVendor({
  name: 'gemini',
  title: 'Gemini',
  end: 'a finishReason',
  owns: ({ fields: { candidates, promptFeedback: feedback } }) =>
    (Array.isArray(candidates) && candidates.some((one) => fieldsOf(one).content !== undefined)) ||
    fieldsOf(feedback).blockReason !== undefined,
  begin: readGemini,
})

function readGemini(answer: Answer): Reading {
  let calls = 0

  function part(fields: Fields) {
    const { text, thought, functionCall: call, inlineData: inline, fileData: file } = fields
    const { executableCode: code, codeExecutionResult: ran, thoughtSignature: signature } = fields
    if (call !== undefined) return functionCall(fieldsOf(call), signature)
    if (code !== undefined) {
      const id = `code-${++calls}`
      return answer.tools.whole({ id, name: 'code_execution', providerExecuted: true }, code)
    }
    if (ran !== undefined) return answer.tools.output(`code-${calls}`, ran)
    const { mimeType, data } = fieldsOf(inline)
    if (textOf(data) !== '')
      return answer.file(`data:${textOf(mimeType)};base64,${textOf(data)}`, textOf(mimeType))
    const { fileUri: uri, mimeType: type } = fieldsOf(file)
    if (textOf(uri) !== '') return answer.file(uri, textOf(type))
    answer.piece(thought === true ? 'reasoning' : 'text', text)
    if (textOf(signature) !== '')
      answer.end(thought === true ? 'reasoning' : 'text', '', {
        providerMetadata: { google: { thoughtSignature: textOf(signature) } },
      })
  }

  function functionCall({ id, name, args }: Fields, signature: unknown) {
    const own = idOf(id) || `call-${++calls}`
    const thoughtSignature = textOf(signature)
    answer.tools.whole(
      {
        id: answer.tools.knows(own) ? `${own}-${++calls}` : own,
        name: textOf(name) || 'tool',
        ...(thoughtSignature && { providerMetadata: { google: { thoughtSignature } } }),
      },
      args ?? {},
    )
  }

  function ground({ groundingChunks: chunks }: Fields) {
    for (const chunk of listOf(chunks)) {
      const { web, retrievedContext: context } = fieldsOf(chunk)
      const { uri, title } = fieldsOf(web ?? context)
      answer.source(uri, title)
    }
  }

  function candidate({ content, finishReason, finishMessage, groundingMetadata, citationMetadata }: Fields) {
    for (const one of listOf(fieldsOf(content).parts)) part(fieldsOf(one))
    ground(fieldsOf(groundingMetadata))
    for (const source of listOf(fieldsOf(citationMetadata).citationSources))
      answer.source(fieldsOf(source).uri)
    const reason = finishReasonOf(finishReason)
    if (finishReason === 'FINISH_REASON_UNSPECIFIED') return
    if (reason === 'error')
      answer.fail(anyTextOf(finishMessage, `The model gave up: ${textOf(finishReason)}.`))
    else if (reason) answer.reason = reason
  }

  function read(fields: Fields) {
    answer.usage(usageOf(fields.usageMetadata))
    answer.tell({ responseId: fields.responseId, model: fields.modelVersion })
    const first = listOf(fields.candidates)
      .map(fieldsOf)
      .find(({ index }) => Number(index ?? 0) === 0)
    if (first) candidate(first)
    // The question itself was refused: there will be no candidate.
    const { blockReason, blockReasonMessage: words } = fieldsOf(fields.promptFeedback)
    if (textOf(blockReason) === '' || blockReason === 'BLOCK_REASON_UNSPECIFIED') return
    answer.piece('text', words)
    answer.reason = 'content-filter'
  }

  return {
    // Without alt=sse an answer is a list of what would be its events.
    read({ value, fields }) {
      if (Array.isArray(value)) for (const one of value) read(fieldsOf(one))
      else read(fields)
    },
  }
}
