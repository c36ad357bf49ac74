/** What is asked and answered in the pictures: a bit of everything that an answer is made of. */
export const pictureAnswers = {
  zh: {
    tag: 'zh-CN',
    prompt: 'SSE 和 WebSocket 有什么区别？',
    answer: `AI 对话**只需要一个方向**，所以 SSE 就够了：

|  | SSE | WebSocket |
| --- | --- | --- |
| 方向 | 服务端 → 客户端 | 双向 |
| 协议 | HTTP | 自己的协议 |
| 断线续传 | \`Last-Event-ID\` | 要自己写 |

一行代码就能开始：

\`\`\`ts
const { text, start } = useSSEChannel({ key: 'chat' })
\`\`\`

切到后台再回来，从断点继续，`,
  },
  en: {
    tag: 'en-US',
    prompt: 'How do SSE and WebSocket differ?',
    answer: `A chat with an AI flows **one way**, so SSE is enough:

|  | SSE | WebSocket |
| --- | --- | --- |
| Direction | from the server | both |
| Protocol | HTTP | its own |
| Resuming | \`Last-Event-ID\` | yours to write |

One line to begin with:

\`\`\`ts
const { text, start } = useSSEChannel({ key: 'chat' })
\`\`\`

Leave the page and come back: it goes on where`,
  },
} as const
