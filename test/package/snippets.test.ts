import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'

interface Snippet {
  readonly prefix: string
  readonly body: readonly string[]
  readonly description: string
}

/** With the commas and comments that editors allow. */
function snippets(path: string): Readonly<Record<string, Snippet>> {
  const { config, error } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8')) as {
    config?: Record<string, Snippet>
    error?: { messageText: unknown }
  }
  expect(error?.messageText).toBeUndefined()
  return config ?? {}
}

it('HBuilderX gets the same snippets as VS Code, from where its projects have the package', () => {
  const forHBuilderX = ({ prefix, body, description }: Snippet) => ({
    prefix,
    description,
    triggerAssist: false,
    body: body.map((line) =>
      line
        .replace("'uni-sse-channel'", "'@/uni_modules/uni-sse-channel'")
        .replace('<script setup lang="ts">', '<script setup>'),
    ),
  })
  const code = snippets('snippets/vue.code-snippets')
  expect(Object.keys(code).length).toBeGreaterThan(2)
  expect(snippets('snippets/hbuilderx-vue.json')).toEqual(
    Object.fromEntries(Object.entries(code).map(([name, snippet]) => [name, forHBuilderX(snippet)])),
  )
})
