import { chinese, english, type Phrases } from './demo-phrases.js'
import { seededRandom, type SeededRandom } from './seeded-random.js'

export interface DemoAnswer {
  readonly reasoning: string
  /** Markdown. */
  readonly text: string
}

/**
 * An answer made of the prompt's own words: headings, prose, a list, a table, code, a quote. In Chinese when the prompt
 * has Chinese in it. The same for the same prompt.
 * @param minBytes sections are added until the text has so many bytes of UTF-8
 */
export function composeDemoAnswer(prompt: string, minBytes = 0): DemoAnswer {
  const phrases = /[\u4e00-\u9fff]/.test(prompt) ? chinese : english
  const random = seededRandom(prompt)
  const words = keywords(prompt, phrases)
  const question = cut(prompt.replace(/\s+/g, ' ').trim(), 60)
  const fill = (pattern: string) => fillIn(pattern, words, question, random)
  const some = (patterns: readonly string[], count: number) =>
    shuffle(patterns, random).slice(0, count).map(fill)

  const sections = [
    () => some(phrases.sentences, 3).join(phrases.joiner),
    () =>
      some(phrases.points, 4)
        .map((point) => `- ${point}`)
        .join('\n'),
    () => table(words, phrases, random),
    () => code(words, phrases, fill, random),
    () =>
      some(phrases.steps, 4)
        .map((step, index) => `${index + 1}. ${step}`)
        .join('\n'),
    () =>
      [`> ${fill(random.pick(phrases.quotes))}`, some(phrases.sentences, 2).join(phrases.joiner)].join(
        '\n\n',
      ),
  ]

  const blocks = [`# ${question}`, fill(random.pick(phrases.openings))]
  let bytes = 0
  for (let round = 0; round === 0 || bytes < minBytes; round++) {
    for (const section of sections) {
      const block = `## ${fill(random.pick(phrases.headings))}\n\n${section()}`
      blocks.push(block)
      bytes += Buffer.byteLength(block)
    }
  }
  blocks.push(fill(random.pick(phrases.closings)))
  return { reasoning: phrases.thoughts.map(fill).join('\n'), text: blocks.join('\n\n') + '\n' }
}

/** Words that carry the topic: at least one. */
function keywords(prompt: string, phrases: Phrases): readonly string[] {
  const stop = new Set(phrases.stopWords)
  // Chinese has no spaces: what remains between words that say nothing is near enough to a word.
  const longestFirst = [...phrases.stopWords].sort((a, b) => b.length - a.length).join('|')
  const spaced = phrases === chinese ? prompt.replace(new RegExp(longestFirst, 'g'), ' ') : prompt
  const found = spaced.match(/[\u4e00-\u9fff]{1,6}|[A-Za-z0-9][A-Za-z0-9+#.-]*[A-Za-z0-9+#]|[A-Za-z]/g) ?? []
  const telling = found.filter((word) => !stop.has(word.toLowerCase())).map((word) => cut(word, 24))
  const unique = [...new Set(telling)].slice(0, 12)
  return unique.length > 0 ? unique : [phrases.fallback]
}

function fillIn(pattern: string, words: readonly string[], question: string, random: SeededRandom): string {
  const first = random.between(0, words.length - 1)
  const second = words.length > 1 ? (first + random.between(1, words.length - 1)) % words.length : first
  const values: Record<string, string> = {
    a: words[first] as string,
    b: words[second] as string,
    n: String(random.between(2, 97)),
    q: question,
  }
  return pattern.replace(/\{([abnq])\}/g, (_, name: string) => values[name] as string)
}

function table(words: readonly string[], phrases: Phrases, random: SeededRandom): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = shuffle(words, random)
    .slice(0, 5)
    .map((word) => row([word, `${random.between(1, 40)} h`, random.pick(phrases.verdicts)]))
  return [row(phrases.table), row(['---', '---:', '---']), ...rows].join('\n')
}

function code(
  words: readonly string[],
  phrases: Phrases,
  fill: (pattern: string) => string,
  random: SeededRandom,
): string {
  const name = words.map((word) => word.replace(/[^A-Za-z]/g, '')).find((word) => word.length > 2) ?? 'answer'
  const limit = random.between(3, 99)
  return `${fill(random.pick(phrases.codeIntro))}

\`\`\`ts
// ${fill(random.pick(phrases.codeComments))}
export function ${name.charAt(0).toLowerCase() + name.slice(1)}(items: string[], limit = ${limit}): string[] {
  const seen = new Set<string>()
  for (const item of items) {
    if (seen.size >= limit) break
    seen.add(item.trim())
  }
  return [...seen].map((item) => \`${random.pick(words)}: \${item}\`)
}
\`\`\``
}

function shuffle<T>(list: readonly T[], random: SeededRandom): T[] {
  return list
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value)
}

/** By characters, so that no emoji is cut in half. */
function cut(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length).join('')}…`
}
