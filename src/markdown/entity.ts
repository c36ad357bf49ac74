import { withEntities } from '../core/built-for.js'
import { MORE, NO, type Scan } from './scan.js'

// The 252 names of HTML 4 and `apos`. HTML 5's other 1,900 would cost as much as the whole engine.
const signs =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest'
// From U+00C0 in capitals, from U+00E0 in small letters.
const latin =
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde ' +
  'Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN'
// From U+03B1, and in capitals from U+0391; the last sigma of a word has none.
const greek =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - sigma tau upsilon phi chi ' +
  'psi omega'
const others =
  'szlig 67 divide 6v yuml 73 sigmaf qq quot y amp 12 apos 13 lt 1o gt 1q OElig 9e oelig 9f Scaron 9s scaron 9t Yuml ag fnof b6 circ jq tilde kc thetasym ' +
  'r5 upsih r6 piv ra ensp 6bm emsp 6bn thinsp 6bt zwnj 6bw zwj 6bx lrm 6by rlm 6bz ndash 6c3 mdash 6c4 lsquo 6c8 ' +
  'rsquo 6c9 sbquo 6ca ldquo 6cc rdquo 6cd bdquo 6ce dagger 6cg Dagger 6ch bull 6ci hellip 6cm permil 6cw prime 6cy ' +
  'Prime 6cz lsaquo 6d5 rsaquo 6d6 oline 6da frasl 6dg euro 6gc image 6j5 weierp 6jc real 6jg trade 6jm alefsym 6k5 ' +
  'larr 6mo uarr 6mp rarr 6mq darr 6mr harr 6ms crarr 6np lArr 6og uArr 6oh rArr 6oi dArr 6oj hArr 6ok forall 6ps ' +
  'part 6pu exist 6pv empty 6px nabla 6pz isin 6q0 notin 6q1 ni 6q3 prod 6q7 sum 6q9 minus 6qa lowast 6qf radic 6qi ' +
  'prop 6ql infin 6qm ang 6qo and 6qv or 6qw cap 6qx cup 6qy int 6qz there4 6r8 sim 6rg cong 6rp asymp 6rs ne 6sg ' +
  'equiv 6sh le 6sk ge 6sl sub 6te sup 6tf nsub 6tg sube 6ti supe 6tj oplus 6tx otimes 6tz perp 6ud sdot 6v9 lceil ' +
  '6x4 rceil 6x5 lfloor 6x6 rfloor 6x7 lang 7vs rang 7vt loz 7gq spades 7kw clubs 7kz hearts 7l1 diams 7l2'

const fewest = /* @__PURE__ */ new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
])
let names: Map<string, string> | undefined

function build(): Map<string, string> {
  const built = new Map<string, string>()
  const add = (name: string, code: number) => built.set(name, String.fromCharCode(code))
  signs.split(' ').forEach((name, index) => add(name, 160 + index))
  latin.split(' ').forEach((name, index) => {
    add(name.toLowerCase(), 224 + index)
    add(name, 192 + index)
  })
  greek.split(' ').forEach((name, index) => {
    add(name, 945 + index)
    add(name.charAt(0).toUpperCase() + name.slice(1), 913 + index)
  })
  const pairs = others.split(' ')
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    add(pairs[at] as string, parseInt(pairs[at + 1] as string, 36))
  }
  built.delete('-')
  return built
}

/** The characters a named reference stands for, or `undefined`. @see https://html.spec.whatwg.org/entities.json */
export type EntityNames = (name: string) => string | undefined

/** The names of HTML 4, and `apos`. */
export function commonEntities(name: string): string | undefined {
  if (!withEntities) return fewest.get(name)
  names = names || build()
  return names.get(name)
}

const whole = /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,31}));/y
const begun = /&(?:#?|#[0-9]{1,7}|#[xX][0-9a-fA-F]{0,6}|[a-zA-Z][a-zA-Z0-9]{0,31})$/

function numeric(code: number): string {
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return valid ? String.fromCodePoint(code) : '\ufffd'
}

/** The character reference at `at`, and where it ends. */
export function scanEntity(
  text: string,
  at: number,
  final: boolean,
  lookup: EntityNames,
): { end: Scan; text: string } {
  whole.lastIndex = at
  const match = whole.exec(text)
  if (match) {
    const [source, decimal, hex, name] = match
    const value = name ? lookup(name) : numeric(decimal ? parseInt(decimal, 10) : parseInt(hex as string, 16))
    return { end: value === undefined ? NO : at + source.length, text: value || '' }
  }
  const undecided = !final && text.length - at < 34 && begun.test(text.slice(at))
  return { end: undecided ? MORE : NO, text: '' }
}

/** `text` with backslash escapes and character references resolved, as in a link's target and title. */
export function unescape(text: string, lookup: EntityNames): string {
  if (!/[\\&]/.test(text)) return text
  return text.replace(
    /\\([!-/:-@[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});/g,
    (all, escaped) => {
      if (escaped) return escaped as string
      const found = scanEntity(all, 0, true, lookup)
      return found.end > 0 ? found.text : all
    },
  )
}
