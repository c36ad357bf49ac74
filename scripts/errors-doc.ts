import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { errorCodes, factsOf, type Aftermath, type ErrorCode } from '../src/core/error-codes.js'
import type { ErrorText } from '../src/core/error-text.js'
import { errorTexts } from '../src/core/error-texts.js'
import { chineseErrorTexts } from './errors-doc/chinese-error-texts.js'

interface Words {
  /** A code that has none is told in English. */
  readonly texts: Readonly<Partial<Record<ErrorCode, ErrorText>>>
  readonly head: string
  readonly fix: string
  readonly status: string
  readonly retryable: string
  readonly yes: string
  readonly no: string
  readonly run: string
  readonly aftermaths: Readonly<Record<Aftermath, string>>
}

const english: Words = {
  texts: errorTexts,
  head: `# Errors

Every failure is a \`ChannelError\`. Branch on its \`code\`: codes are permanent, messages are not. \`retryable\` says whether another try can help, \`status\` is the HTTP status where the server answered (NaN where the platform hides it), \`retryAfterMs\` the shortest wait the server asked for, \`cause\` the error underneath.

An app that was built for production says in its messages why, but not what to do: that is for who writes the app, and stands here.

Generated from \`src/core/error-codes.ts\` and \`error-texts.ts\` by \`npx tsx scripts/errors-doc.ts\`.`,
  fix: '**What to do:** ',
  status: '**Status:** ',
  retryable: '**Another try can help:** ',
  yes: 'yes',
  no: 'no',
  run: '**The run:** ',
  aftermaths: {
    alive: 'may still be going, if it had begun; retry() reads on where it can',
    lost: 'may still be going, but can not be read on; retry() stops it and asks again',
    over: 'is over; retry() asks again',
  },
}

const chinese: Words = {
  texts: chineseErrorTexts,
  head: `# 错误码

所有失败都是 \`ChannelError\`。按 \`code\` 区分：错误码永远不变，错误信息会变。\`retryable\` 表示再试有没有用；\`status\` 是服务端应答的 HTTP 状态码（平台不给时是 NaN）；\`retryAfterMs\` 是服务端要求的最短等待；\`cause\` 是底层的错误。

为生产环境构建的应用，错误信息只说原因，不说怎么办：怎么办是给写应用的人看的，写在这里。

由 \`npx tsx scripts/errors-doc.ts\` 从 \`src/core/error-codes.ts\` 和 \`scripts/errors-doc/chinese-error-texts.ts\` 生成。`,
  fix: '**怎么办：**',
  status: '**状态码：**',
  retryable: '**再试有没有用：**',
  yes: '有',
  no: '没有',
  run: '**这次运行：**',
  aftermaths: {
    alive: '如果已经开始，可能还在继续；retry() 能接着读就接着读',
    lost: '可能还在继续，但读不到了；retry() 让它停下，再重新提问',
    over: '已经结束；retry() 重新提问',
  },
}

/** The page of errors in one language, from the table of codes. */
function errorsDoc({ texts, head, ...words }: Words): string {
  const sections = (Object.keys(errorCodes) as ErrorCode[]).map((code) => {
    const { why, fix } = texts[code] ?? errorTexts[code]
    const { retryable, run, status } = factsOf(code)
    const facts = [
      why,
      words.fix + fix,
      ...(status === undefined ? [] : [`${words.status}${status}`]),
      words.retryable + (retryable ? words.yes : words.no),
      words.run + words.aftermaths[run],
    ]
    return `## ${code}\n\n${facts.join('\n\n')}\n`
  })
  return `${head}\n\n${sections.join('\n')}`
}

const inDocs = (path: string) => fileURLToPath(new URL(`../docs/${path}`, import.meta.url))

/** The pages by their paths. */
export const errorsDocs: ReadonlyMap<string, string> = new Map([
  [inDocs('errors.md'), errorsDoc(english)],
  [inDocs('zh/errors.md'), errorsDoc(chinese)],
])

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of errorsDocs) writeFileSync(path, text)
