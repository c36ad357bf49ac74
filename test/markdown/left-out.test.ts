import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { htmlOf } from './html-of.js'

// What a build leaves out is decided when a module is loaded.
beforeEach(() => vi.resetModules())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** Reads texts with an engine that was built without `part`, char by char. */
async function without(part: string) {
  vi.stubGlobal(`__UNI_SSE_${part}__`, false)
  const { createMarkdown } = await import('../../src/markdown/create-markdown.js')
  return (text: string) => {
    const markdown = createMarkdown()
    return htmlOf([...Array.from(text, (char) => markdown.push(char)).flat(), ...markdown.end()])
  }
}

test('without HTML tags are text, and reasoning is read as ever', async () => {
  const read = await without('HTML')
  expect(read('<table><tr><td>a</td></tr></table>\n\n<b>b</b> <br> **c** <https://a.com> <!-- d -->')).toBe(
    '<p>&lt;table&gt;&lt;tr&gt;&lt;td&gt;a&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;</p>\n' +
      '<p>&lt;b&gt;b&lt;/b&gt; &lt;br&gt; <strong>c</strong> <a href="https://a.com">https://a.com</a> &lt;!-- d --&gt;</p>\n',
  )
  expect(read('<details>\n\na\n\n</details>\n<script>')).toBe(
    '<p>&lt;details&gt;</p>\n<p>a</p>\n<p>&lt;/details&gt;\n&lt;script&gt;</p>\n',
  )
  expect(read('<think>\na\n</think>\nb</think> c')).toBe('<think>\n<p>a</p>\n</think>\n<p>b c</p>\n')
})

test('without formulas their source is text', async () => {
  const read = await without('FORMULAS')
  expect(read('$x^2$ and $$y$$\n\n\\[a + b\\]\n\n$$\nz\n$$\n\n2*3*4')).toBe(
    '<p>$x^2$ and $$y$$</p>\n<p>[a + b]</p>\n<p>$$\nz\n$$</p>\n<p>2<em>3</em>4</p>\n',
  )
  expect(read('```math\nx\n```')).toBe('<pre><code class="language-math">x\n</code></pre>\n')
})

test('without names of characters the most common are known', async () => {
  const read = await without('ENTITIES')
  expect(read('&lt;a&gt; &amp; &quot;&nbsp;&#20013; &alpha;')).toBe(
    '<p>&lt;a&gt; &amp; &quot;\u00a0中 &amp;alpha;</p>\n',
  )
})
