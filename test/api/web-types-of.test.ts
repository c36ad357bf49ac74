import { expect, test } from 'vitest'
import { componentTypesOf, webTypesOf } from '../../scripts/api/web-types-of.js'

const COMPONENT = `<template>
  <view><slot
    name="code" :code="code"></slot><slot v-else name="actions" /></view>
</template>
<script setup lang="ts">
const props = withDefaults(
  defineProps<{
    /** What is
     *  shown. */
    content: string | (() => string)
    theme?: 'auto' | 'dark'
    locale?: string
  }>(),
  { theme: 'auto', locale: () => 'en' },
)
const emit = defineEmits<{
  stop: []
  /** A link was tapped. */
  link: [href: string]
}>()
</script>
`

test('props, events and slots are told as the component declares them', () => {
  const component = componentTypesOf('an-answer', COMPONENT)
  expect(webTypesOf({ name: 'a-package', version: '1.2.3' }, [component])).toMatchObject({
    framework: 'vue',
    name: 'a-package',
    version: '1.2.3',
    contributions: {
      html: {
        'vue-components': [
          {
            name: 'AnAnswer',
            props: [
              {
                name: 'content',
                description: 'What is shown.',
                required: true,
                value: { kind: 'expression', type: 'string | (() => string)' },
              },
              { name: 'theme', required: false, default: '"auto"', value: { type: "'auto' | 'dark'" } },
              { name: 'locale', required: false },
            ],
            js: { events: [{ name: 'stop' }, { name: 'link', description: 'A link was tapped.' }] },
            slots: [{ name: 'code' }, { name: 'actions' }],
          },
        ],
      },
    },
  })
})
