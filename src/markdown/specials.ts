import type { Settings } from './settings.js'

/**
 * Where text may mean something: searched for, as interpreters without a compiler, such as that of WeChat on iOS, need ten
 * times as long for a look at each character. A `!` counts before `[` only and a `w` as the first of `www.`, or at the end.
 */
export function specials({ autolink, math, strikethrough }: Settings['has']): RegExp {
  const chars = (strikethrough ? '~' : '') + (math ? '$' : '') + (autolink ? ':@' : '')
  return new RegExp(`[\\n\\\\\`*_[\\]<&\u3010${chars}]|!(?=\\[|$)${autolink ? '|w(?=ww\\.|w?w?$)' : ''}`, 'g')
}
