/** More of what models write, each in one style: written for this page, and long enough to fill a screen. */

export const chinese = `## 为什么断线重连不能重新提问

**结论先行：**重连应该是「从断点继续读」，而不是「再问一次」。再问一次意味着模型重新生成、用户再付一次钱，并且前后两个答案往往并不相同。

### 一、三种常见情况

1. **切到后台。**小程序在隐藏约 5 秒后挂起，请求以 \`interrupted\` 结束；回到前台时，答案其实已经在服务器上继续生成了。
2. **网络切换。**从 Wi-Fi 切换到蜂窝网络，旧连接不会收到任何通知，只能靠心跳超时发现。
3. **页面跳转。**组件被销毁，但答案仍然有意义——下一个页面可能正需要它。

> 注意：标点紧挨着强调符号时，例如**「引号」**、**（括号）**以及*斜体。*后面紧跟文字，都应当正确显示。

### 二、怎么做

- 服务器给每个事件编号，客户端只记住最后一个编号
  - 编号要能证明「同一条流、没有缺口」
  - 超出保留期时要**明确告知**，而不是悄悄跳过
- 客户端把「停止」和「断开」分开：~~断开即停止~~，断开只是暂时听不见

更多细节见 https://example.com/docs/resume，以及（https://example.com/faq）。价格约 3~5 元，耗时 2~3 秒。
`

export const math = `# Softmax, step by step

For logits $z_1, \\dots, z_n$ the probability of class $i$ is

$$
p_i = \\frac{e^{z_i}}{\\sum_{j=1}^{n} e^{z_j}}
$$

Subtracting the maximum $m = \\max_j z_j$ changes nothing, since $\\frac{e^{z_i - m}}{\\sum_j e^{z_j - m}} = p_i$, but keeps $e^{z_i}$ from overflowing.

## Gradient

With the loss \\(L = -\\log p_y\\):

\\[
\\frac{\\partial L}{\\partial z_i} = p_i - \\mathbf{1}[i = y]
\\]

1. If $i = y$, the derivative is $p_y - 1 < 0$: the right logit grows.
2. Otherwise it is $p_i > 0$: the others shrink.

| temperature $T$ | effect on $p$ |
|:---------------:|:--------------|
| $T \\to 0$ | all mass on the largest $z_i$ |
| $T = 1$ | as above |
| $T \\to \\infty$ | uniform, $p_i = \\frac{1}{n}$ |

It costs $5 to $10 to train, which is no formula.
`

export const reasoning = `<think>
The user wants to know whether 2027 is prime. Let me check divisors up to √2027 ≈ 45.02.

- 2, 3 and 5: no. 2 + 0 + 2 + 7 = 11, not a multiple of 3.
- 7: 7 · 289 = 2023, remainder 4.
- 11: 11 · 184 = 2024, remainder 3.
- 13: 13 · 155 = 2015, remainder 12.
- 17: 17 · 119 = 2023, remainder 4. 19: 2014, remainder 13.
- 23: 2024, remainder 3. 29: 2001, remainder 26. 31: 2015, remainder 12.
- 37: 1998, remainder 29. 41: 2009, remainder 18. 43: 2021, remainder 6.

No divisor, so it is prime. 用户用英文提问，我用英文回答。
</think>

**Yes, 2027 is prime.** None of the primes up to \`√2027 ≈ 45\` divides it:

\`\`\`js
const isPrime = (n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
  return n > 1
}
isPrime(2027) // → true
\`\`\`

The next one is **2029**, which makes them *twin primes*.
`

export const unfinished = `Models stop in the middle of things, and write what is almost markdown.

A price of $5 and another of $10. 2 * 3 * 4 = 24, a_b_c, and ** alone.
An [unfinished link](https://example.com, a [real one](https://example.com), and [1] as a citation.

#No heading without a blank, and a line
===
| not | a table |
| just | bars |

<details><summary>HTML</summary>is text</details>

\`\`\`\`md
\`\`\`js
nested(fence)
\`\`\`
\`\`\`\`

- a list
continued lazily
    1. and nested

And it ends here: **in bold, \`in code, [in a li
`
