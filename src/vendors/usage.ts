import { fieldsOf, type Fields } from './fields.js'

const firstNumber = (...values: readonly unknown[]) => values.find((value) => typeof value === 'number')

/**
 * Tokens used, as message metadata has them. Vendors count the same things under a few names: `prompt_tokens`,
 * `input_tokens`, `promptTokenCount`.
 */
export function usageOf(value: unknown): Fields {
  const usage = fieldsOf(value)
  const inside = fieldsOf(usage.completion_tokens_details ?? usage.output_tokens_details)
  const before = fieldsOf(usage.prompt_tokens_details ?? usage.input_tokens_details)
  return {
    inputTokens: firstNumber(
      ...[usage.prompt_tokens, usage.input_tokens, usage.promptTokenCount, usage.input_count],
      ...[usage.prompt_eval_count, usage.inputTokens],
    ),
    outputTokens: firstNumber(
      ...[usage.completion_tokens, usage.output_tokens, usage.candidatesTokenCount, usage.output_count],
      ...[usage.eval_count, usage.outputTokens],
    ),
    totalTokens: firstNumber(usage.total_tokens, usage.totalTokenCount, usage.token_count, usage.totalTokens),
    reasoningTokens: firstNumber(inside.reasoning_tokens, usage.thoughtsTokenCount),
    cachedInputTokens: firstNumber(
      ...[before.cached_tokens, usage.cache_read_input_tokens, usage.cachedContentTokenCount],
      usage.prompt_cache_hit_tokens,
    ),
  }
}
