import { describe, expect, it } from 'vitest'
import { withLazyContent } from '../../src/vite/lazy-content.js'

const page = (template: string) =>
  `<template>\n${template}\n</template>\n<script setup>const a = 1</script>\n`

describe('a growing text in a template', () => {
  it.each([
    ['<streaming-text :content="text" />', '<streaming-text :content="() => (text)" />'],
    ['<StreamingText :content="m.content"/>', '<StreamingText :content="() => (m.content)"/>'],
    [
      `<streaming-text\n  v-for="m in list"\n  :key="m.id"\n  @stop="a > b && stop()"\n  v-bind:content='m["content"]'\n  :status="m.status"\n/>`,
      `<streaming-text\n  v-for="m in list"\n  :key="m.id"\n  @stop="a > b && stop()"\n  v-bind:content='() => (m["content"])'\n  :status="m.status"\n/>`,
    ],
    [
      '<streaming-text cursor :reasoning="r" :content="text || \'…\'"></streaming-text>',
      '<streaming-text cursor :reasoning="() => (r)" :content="() => (text || \'…\')"></streaming-text>',
    ],
  ])('%j is handed over as a getter', (template, expected) => {
    expect(withLazyContent(page(template))).toBe(page(expected))
    // By itself and in vite.config: twice is once.
    expect(withLazyContent(page(expected))).toBe(page(expected))
  })

  it.each([
    '<streaming-text :content="() => text" />',
    '<streaming-text :content="function () { return text }" />',
    '<streaming-text content="text" />',
    '<streaming-text :status="content" />',
    '<streaming-text-other :content="text" />',
    '<other :content="text" />',
    '<streaming-text>\n<view :content="text" />\n</streaming-text>',
  ])('%j stays as it is', (template) => {
    expect(withLazyContent(page(template))).toBe(page(template))
  })

  it('a script that speaks of the component stays as it is', () => {
    const source = `${page('<view />')}<script>const a = '<streaming-text :content="text" />'</script>`
    expect(withLazyContent(source)).toBe(source)
  })
})
