/** What the demo model writes with. `{a}` and `{b}` become words of the prompt, `{n}` a number, `{q}` the question. */
export interface Phrases {
  /** Words that say nothing about the topic. */
  readonly stopWords: readonly string[]
  /** Stands in where the prompt has no word of its own. */
  readonly fallback: string
  readonly thoughts: readonly string[]
  readonly openings: readonly string[]
  readonly headings: readonly string[]
  readonly sentences: readonly string[]
  readonly points: readonly string[]
  readonly steps: readonly string[]
  readonly quotes: readonly string[]
  readonly table: readonly [string, string, string]
  readonly verdicts: readonly string[]
  readonly codeIntro: readonly string[]
  readonly codeComments: readonly string[]
  readonly closings: readonly string[]
  readonly joiner: string
}

export const english: Phrases = {
  stopWords:
    'the a an and or but of to in on at for with from by is are was were be been do does did how what why when where which who can could would should will i you we they it this that these those my your our me please tell about explain write make give show some any into than then there have has had not'.split(
      ' ',
    ),
  fallback: 'the question',
  thoughts: [
    'The user asks: "{q}". The core is {a}; {b} is where people go wrong.',
    'I should settle what {a} means here before I touch {b}.',
    'A table would help to compare, and one short example in code.',
  ],
  openings: [
    'Good question! 🚀 Let us take **{a}** apart and see how it hangs together with **{b}**.',
    'Short answer first: with **{a}** it depends on **{b}**, and on how much you want to measure. ✨',
    'There are two ways to look at **{a}**. Both lead to **{b}**, by different roads. 🧭',
  ],
  headings: [
    'What {a} really is',
    'From {a} to {b}',
    'Where {b} gets difficult',
    '{a} in practice',
    'Choosing between {a} and {b}',
    'What to measure about {a}',
  ],
  sentences: [
    'In most projects {a} is decided in the first week and paid for in the following {n} months.',
    'Look at {b} first: it sets the limit that everything around {a} has to live with.',
    'A rule of thumb says that {n} percent of the effort in {a} goes into its edges, not its centre.',
    'If {a} and {b} disagree, *write the disagreement down* before you resolve it.',
    'You can check this with `{n}` samples and an afternoon; nobody ever does, which is why {b} keeps its myths.',
    'Small steps win here: change {a}, look at {b}, keep what helped. 🔍',
    'None of this is new, yet {b} is where careful people still lose {n} minutes a day.',
  ],
  points: [
    '**{a}**: begin with the smallest case that still hurts',
    'keep {b} where you can see it, not behind {n} layers',
    'measure before and after; a feeling about {a} is not a figure 📏',
    'let {b} fail loudly, and early',
    'name things so that {a} explains itself',
  ],
  steps: [
    'Write down what {a} must never do.',
    'Try {b} with {n} real examples.',
    'Throw away what did not help {a}.',
    'Put a limit on {b}, in numbers.',
    'Ask someone who has not seen {a} before.',
  ],
  quotes: [
    'Whoever has {a} under control can afford to be wrong about {b}.',
    '{b} is easy until the second user comes.',
  ],
  table: ['Aspect', 'Effort', 'Benefit'],
  verdicts: ['low', 'medium', 'high', 'very high 🔥', 'hardly any'],
  codeIntro: ['In code, {a} can look like this:', 'A sketch for {b}:'],
  codeComments: ['{a} first, {b} later', 'stop before {b} runs away'],
  closings: [
    'So for “{q}”: start with {a}, keep an eye on {b}, and come back with what you saw. 🎉',
    'That is the heart of “{q}”. Ask on if you want {b} in more depth. 💡',
  ],
  joiner: ' ',
}

export const chinese: Phrases = {
  stopWords:
    '请 帮我 帮忙 告诉 我们 你们 他们 我 你 他 她 它 的 了 吗 呢 吧 啊 是 在 和 与 或 及 把 被 给 让 对 从 到 就 都 也 很 要 想 会 能 可以 一下 一个 一篇 一首 什么 怎么 怎样 如何 为什么 哪些 哪个 介绍 解释 说明 关于 写 这个 那个 有 没有 不 用'.split(
      ' ',
    ),
  fallback: '这个问题',
  thoughts: [
    '用户问的是「{q}」。核心在于{a}，容易出错的地方是{b}。',
    '先把{a}的含义说清楚，再谈{b}。',
    '用一张表格来比较，再给一段简短的代码示例。',
  ],
  openings: [
    '好问题！🚀 我们先把**{a}**拆开来看，再看它和**{b}**是怎样连在一起的。',
    '先说结论：**{a}**的关键在于**{b}**，也在于你愿意测量到什么程度。✨',
    '看待**{a}**有两种角度，它们走的路不同，最后都会到达**{b}**。🧭',
  ],
  headings: ['{a}到底是什么', '从{a}到{b}', '{b}难在哪里', '{a}的实践', '{a}与{b}的取舍', '{a}应该测量什么'],
  sentences: [
    '在多数项目里，{a}在第一周就定下来了，代价却要在之后的 {n} 个月里慢慢付。',
    '先看{b}：它划定了上限，{a}周围的一切都得在这个上限之内。',
    '经验上，{a}有百分之{n}的工夫花在边缘情况，而不是中间的主流程。',
    '如果{a}和{b}互相矛盾，*先把矛盾写下来*，再去解决它。',
    '用 `{n}` 个样本、一个下午就能验证；可惜几乎没有人去做，所以关于{b}的误解一直都在。',
    '小步前进最稳妥：改动{a}，观察{b}，留下有用的部分。🔍',
    '这些道理并不新鲜，但细心的人每天仍然会在{b}上损失 {n} 分钟。',
  ],
  points: [
    '**{a}**：从仍然会疼的最小例子开始',
    '让{b}始终看得见，不要藏在 {n} 层封装后面',
    '改之前、改之后都要测量，对{a}的感觉不等于数字 📏',
    '让{b}尽早失败，而且要失败得响亮',
    '把名字起好，让{a}自己说明自己',
  ],
  steps: [
    '写下{a}绝对不能做的事。',
    '用 {n} 个真实的例子试一试{b}。',
    '把对{a}没有帮助的东西扔掉。',
    '给{b}定一个用数字表示的上限。',
    '请一位没有接触过{a}的人来看看。',
  ],
  quotes: ['把{a}掌握好的人，才有余地在{b}上犯错。', '在第二个用户到来之前，{b}总是很简单。'],
  table: ['方面', '投入', '收益'],
  verdicts: ['低', '中等', '高', '非常高 🔥', '几乎没有'],
  codeIntro: ['用代码来表示，{a}大概是这样：', '下面是{b}的一个草图：'],
  codeComments: ['先处理{a}，再处理{b}', '在{b}失控之前停下来'],
  closings: [
    '所以，对于「{q}」：从{a}开始，留意{b}，然后把你看到的结果带回来。🎉',
    '这就是「{q}」的要点。如果想更深入地了解{b}，可以继续问我。💡',
  ],
  joiner: '',
}
