import { openAIModel, readChatInput, type Producer } from 'uni-sse-channel/server'
import { demoConversation } from './demo-conversation.js'
import type { ToolWorld } from './demo-tool.js'
import { probeAnswer } from './probe-answer.js'

/** What the page of settings lists. */
export interface ModelName {
  readonly id: string
  readonly name: string
}

export interface DemoModels {
  /** The first is the one that answers when none is asked for. */
  readonly names: readonly [ModelName, ...ModelName[]]
  /** What fills the run of this request; an unknown model is the first. */
  answer(body: unknown): Producer
}

type Answer = (body: unknown) => Producer

/** The built-in models, and before them a real one when the environment names one. */
export function createDemoModels(env: NodeJS.ProcessEnv, world: ToolWorld): DemoModels {
  const models: (ModelName & { readonly answer: Answer })[] = [
    { id: 'demo', name: 'Demo', answer: demoConversation(world) },
    { id: 'demo-fast', name: 'Demo, fast', answer: demoConversation({ ...world, paceMs: 3 }) },
  ]
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey = '', OPENAI_MODEL: model } = env
  if (baseUrl && model) {
    const real = openAIModel({ baseUrl, apiKey, model })
    models.unshift({
      id: model,
      name: `${model} (${new URL(baseUrl).host})`,
      answer: (body) => real(readChatInput(body)),
    })
  }
  /** For the page of diagnostics: not listed. */
  const probes = [
    { id: 'probe', name: '', answer: () => probeAnswer(24) },
    { id: 'probe-long', name: '', answer: () => probeAnswer(600) },
  ]
  const [first, ...others] = models.map(({ id, name }) => ({ id, name }))
  return {
    names: [first as ModelName, ...others],
    answer(body) {
      const { model: asked } = (typeof body === 'object' && body !== null ? body : {}) as Record<
        string,
        unknown
      >
      return (
        [...models, ...probes].find(({ id }) => id === asked) ?? (models[0] as (typeof models)[number])
      ).answer(body)
    },
  }
}
