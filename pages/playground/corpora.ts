import { platformLocale } from 'uni-sse-channel'
import { chinese, math, reasoning, unfinished } from './written-by-models'

/** Texts to play: one of each kind that models write. */
export interface Corpus {
  readonly name: string
  readonly text: string
}

const zh = /^zh/i.test(platformLocale())

const everything = `# 流式渲染 Streaming

第一段有 **粗体**、*斜体*、~~删除线~~、\`inline code\`、[链接](https://example.com/a?b=1) 与 $E=mc^2$。**注意：**请看这里。

## 列表 Lists

- 第一项，with a fairly long line of text that wraps onto the next line on a phone
  - 嵌套 **一层**
    1. 有序
    2. 第二
- [ ] 未完成的任务
- [x] 已完成

> 引用一段话
>
> - 引用里的列表
>
> > 嵌套引用

| 方案 | 优点 | 缺点 | 备注 |
|:-----|:----:|-----:|------|
| SSE | 简单，自动重连 | 单向 | \`EventSource\` |
| WebSocket | 双向 | 需要自己处理重连和心跳 | **ws** |

$$
\\int_0^1 x^2 dx = \\frac13
$$

---

Done. 结束。
`

const prose = `流式输出让等待变得可以忍受：读者在第一个字出现时就开始阅读，而不是在最后一个字到达之后。**难点不在解析**，而在于已经显示的内容不应该再变化。

A stream that rewrites what it showed makes the eye jump. A list that becomes a table, a star that turns out to be *emphasis*, a link whose address arrives late: each is a small betrayal of the reader.

所以规则只有一条：**显示过的字符永远不收回。** 还没有定论的语法先等一等，等到有定论，或者等到它已经太长。
`

const codeText = `下面是一个防抖函数：

\`\`\`ts
export function debounce<Args extends unknown[]>(run: (...args: Args) => void, waitMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (...args: Args) => {
    clearTimeout(timer)
    // The last call of a burst wins.
    timer = setTimeout(() => run(...args), waitMs)
  }
}
\`\`\`

And in Python:

\`\`\`python
def chunks(text: str, size: int):
    """Pieces of a text, as a network would cut it."""
    for start in range(0, len(text), size):
        yield text[start:start + size]
\`\`\`
`

const table = `| # | 平台 Platform | 传输 Transport | 后台 Background |
|--:|:--------------|:---------------|:----------------|
${Array.from({ length: 40 }, (_, row) => `| ${row + 1} | 平台 ${row + 1} | fetch → WebSocket | 第 ${row + 1} 秒后暂停，回到前台后继续 |`).join('\n')}
`

const lists = Array.from(
  { length: 12 },
  (_, item) => `${item + 1}. 第 ${item + 1} 步 step
   - 做这个 do this
     - 更细的一步，with **emphasis** and \`code\`
   - 再做那个 then that
`,
).join('')

const all = [everything, prose, codeText, table, lists, chinese, math, reasoning]

/** About 100 KB of all kinds, as the benches play it. */
const long = all.join('\n\n').repeat(Math.ceil(60_000 / all.join('').length))

export const corpora: readonly Corpus[] = [
  { name: zh ? '全部语法' : 'Everything', text: everything },
  { name: zh ? '散文' : 'Prose', text: prose.repeat(8) },
  { name: zh ? '代码' : 'Code', text: codeText.repeat(6) },
  { name: zh ? '表格' : 'Table', text: table },
  { name: zh ? '列表' : 'Lists', text: lists.repeat(3) },
  { name: zh ? '中文' : 'Chinese', text: chinese },
  { name: zh ? '公式' : 'Math', text: math },
  { name: zh ? '思考' : 'Reasoning', text: reasoning },
  { name: zh ? '不完整' : 'Unfinished', text: unfinished },
  { name: '100 KB', text: long },
]
