import type { Answer } from './answer.js'
import { defineVendor, type Reading } from './define-vendor.js'
import { anyTextOf, fieldsOf, idOf, listOf, parsed, textOf, type Fields } from './fields.js'
import { readCompletion } from './openai.js'

/**
 * FastGPT's apps, with `detail: true`; without it they speak as `openAI` does. What a user has to choose or fill in is
 * the part `data-interactive`; the nodes' progress is told as `data-node` and not kept.
 *
 * Stopped by hanging up. Ends with `[DONE]`.
 * @see https://doc.fastgpt.io/docs/introduction/development/openapi/chat
 */
export const fastGPT = defineVendor({
  name: 'fastgpt',
  title: 'FastGPT',
  end: '[DONE]',
  owns: ({ type }) =>
    /^(fastAnswer|flowNodeStatus|flowNodeResponse|flowResponses|workflowDuration)$/.test(type),
  begin: readFastGPT,
})

function readFastGPT(answer: Answer): Reading {
  const completion = readCompletion(answer)
  let isInteractive = false

  function tool(type: string, { tool: called }: Fields) {
    const { id, toolName, functionName, params, response } = fieldsOf(called)
    const place = idOf(id)
    const name = anyTextOf(functionName, toolName)
    switch (type) {
      case 'toolCall':
        answer.tools.begin(place, {
          ...{ id: place, name, providerExecuted: true },
          ...(textOf(toolName) && { title: textOf(toolName) }),
        })
        return answer.tools.append(place, textOf(params))
      case 'toolParams':
        return answer.tools.append(place, textOf(params))
      case 'toolResponse':
        answer.tools.end(place)
        return answer.tools.output(place, parsed(textOf(response)))
    }
  }

  /** What each node did: there are the quotes the answer rests on, and failures that the answer does not show. */
  function responses(list: unknown) {
    for (const node of listOf(list)) {
      const { quoteList: quotes } = fieldsOf(node)
      for (const quote of listOf(quotes)) {
        const { id, sourceName, sourceId } = fieldsOf(quote)
        answer.document(idOf(sourceId) || idOf(id), sourceName, sourceName)
      }
    }
    answer.data('node', { event: 'responses', responses: list }, { transient: true })
  }

  return {
    read({ type, fields, value }) {
      switch (type) {
        case 'message':
        case 'answer':
        case 'fastAnswer':
          return completion.read({ fields })
        case 'toolCall':
        case 'toolParams':
        case 'toolResponse':
          return tool(type, fields)
        case 'interactive':
          isInteractive = true
          return answer.data('interactive', fields.interactive ?? value, { id: 'interactive' })
        case 'flowResponses':
          return responses(value)
        case 'flowNodeResponse':
          return responses([fields])
        case 'updateVariables':
          return answer.data('variables', value, { id: 'variables' })
        default:
          answer.data('node', { event: type, ...fields }, { transient: true })
      }
    },
    // A node ends with "stop" while others still have to speak: only [DONE] is the end of the app.
    closed() {
      if (!isInteractive) answer.reason = undefined
    },
    done() {
      if (isInteractive) answer.reason = 'interrupted'
    },
  }
}
