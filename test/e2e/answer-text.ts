const phrases = [
  '流式输出让等待变得可以忍受，',
  'every byte may be cut anywhere, ',
  '连接断开以后从断点继续；',
  'emoji 👩‍👩‍👧‍👦🚀🏳️‍🌈 are several code points, ',
  '「引号」、《书名号》与——破折号。\n',
  '`code` and **bold** stay as they are\n\n',
  '日本語の文章も한국어도 included. ',
]

/** About `bytes` of UTF-8 with Chinese, emoji and line breaks; every paragraph is numbered, so no two are alike. */
export function answerText(bytes: number): string {
  let text = ''
  for (let n = 0; Buffer.byteLength(text) < bytes; n++) text += `${n}. ${phrases[n % phrases.length]}`
  return text
}

/** Token-sized pieces by UTF-16 unit: some cut an emoji in half, as models that count tokens do. */
export function piecesOf(text: string, size = 7): string[] {
  const pieces: string[] = []
  for (let i = 0; i < text.length; i += size) pieces.push(text.slice(i, i + size))
  return pieces
}
