/** A node's classes with those of the elements around it, since some rules depend on them. */
export interface Place {
  readonly classes: readonly string[]
  readonly parent: Place | undefined
}

const family = (name: string) => `font-family:${name},"Times New Roman",serif`
const italic = 'font-style:italic'
const bold = 'font-weight:bold'
const line = 'display:inline-block;width:100%;min-height:1px;border-bottom-style:solid'
const half = 'position:absolute;width:50.2%;overflow:hidden'
const quarter = 'position:absolute;width:25.1%;overflow:hidden'
const box = 'box-sizing:border-box;border:.04em solid'

/** What a class alone asks for. From the meaning of KaTeX's classes, see its `katex.css`. */
const own: Readonly<Record<string, string>> = {
  newline: 'display:block',
  base: 'position:relative;display:inline-block;white-space:nowrap;width:min-content',
  strut: 'display:inline-block',
  tag: 'display:inline-block;margin-left:2em',

  textbf: bold,
  textit: italic,
  textrm: family('KaTeX_Main'),
  textsf: family('KaTeX_SansSerif'),
  texttt: family('KaTeX_Typewriter,ui-monospace,Menlo,monospace'),
  mathnormal: `${family('KaTeX_Math')};${italic}`,
  mathit: `${family('KaTeX_Main')};${italic}`,
  mathrm: 'font-style:normal',
  mathbf: `${family('KaTeX_Main')};${bold}`,
  boldsymbol: `${family('KaTeX_Math')};${bold};${italic}`,
  amsrm: family('KaTeX_AMS'),
  mathbb: family('KaTeX_AMS'),
  textbb: family('KaTeX_AMS'),
  mathcal: family('KaTeX_Caligraphic'),
  mathfrak: family('KaTeX_Fraktur'),
  textfrak: family('KaTeX_Fraktur'),
  mathboldfrak: `${family('KaTeX_Fraktur')};${bold}`,
  textboldfrak: `${family('KaTeX_Fraktur')};${bold}`,
  mathtt: family('KaTeX_Typewriter,ui-monospace,Menlo,monospace'),
  mathscr: family('KaTeX_Script'),
  textscr: family('KaTeX_Script'),
  mathsf: family('KaTeX_SansSerif,sans-serif'),
  mathboldsf: `${family('KaTeX_SansSerif,sans-serif')};${bold}`,
  textboldsf: `${family('KaTeX_SansSerif,sans-serif')};${bold}`,
  mathsfit: `${family('KaTeX_SansSerif,sans-serif')};${italic}`,
  mathitsf: `${family('KaTeX_SansSerif,sans-serif')};${italic}`,
  textitsf: `${family('KaTeX_SansSerif,sans-serif')};${italic}`,
  mainrm: `${family('KaTeX_Main')};font-style:normal`,
  cjk_fallback: 'font-family:sans-serif',
  hangul_fallback: 'font-family:sans-serif',

  'vlist-t': 'display:inline-table;table-layout:fixed;border-collapse:collapse',
  'vlist-r': 'display:table-row',
  vlist: 'display:table-cell;vertical-align:bottom;position:relative',
  'vlist-t2': 'margin-right:-2px',
  'vlist-s': 'display:table-cell;vertical-align:bottom;font-size:1px;width:2px;min-width:2px',
  vbox: 'display:inline-flex;flex-direction:column;align-items:baseline',
  hbox: 'display:inline-flex;width:100%',
  thinbox: 'display:inline-flex;width:0;max-width:0',
  msupsub: 'text-align:left',
  'frac-line': line,
  'overline-line': line,
  'underline-line': line,
  hline: line,
  hdashline: 'display:inline-block;width:100%;min-height:1px;border-bottom-style:dashed',
  rule: 'display:inline-block;min-height:1px;border:solid 0;position:relative',
  mspace: 'display:inline-block',
  smash: 'display:inline;line-height:0',
  llap: 'width:0;position:relative',
  rlap: 'width:0;position:relative',
  clap: 'width:0;position:relative',
  nulldelimiter: 'display:inline-block;width:.12em',
  delimcenter: 'position:relative',
  'op-symbol': 'position:relative',
  'accent-body': 'position:relative',
  overlay: 'display:block',
  'vertical-separator': 'display:inline-block;min-width:1px',
  arraycolsep: 'display:inline-block',
  'svg-align': 'text-align:left',
  stretchy: 'width:100%;display:block;position:relative;overflow:hidden',
  'hide-tail': 'width:100%;position:relative;overflow:hidden',
  'halfarrow-left': `left:0;${half}`,
  'halfarrow-right': `right:0;${half}`,
  'brace-left': `left:0;${quarter}`,
  'brace-center': 'position:absolute;left:25%;width:50%;overflow:hidden',
  'brace-right': `right:0;${quarter}`,
  'x-arrow-pad': 'padding:0 .5em',
  'cd-arrow-pad': 'padding:0 .55556em 0 .27778em',
  'x-arrow': 'text-align:center',
  mover: 'text-align:center',
  munder: 'text-align:center',
  boxpad: 'padding:0 .3em',
  fbox: box,
  fcolorbox: box,
  'cancel-pad': 'padding:0 .2em',
  'cancel-lap': 'margin-left:-.2em;margin-right:-.2em',
  sout: 'border-bottom:.08em solid',
  angl: 'box-sizing:border-box;border-top:.049em solid;border-right:.049em solid;margin-right:.03889em',
  anglpad: 'padding:0 .03889em',
  reflectbox: 'display:inline-block;transform:scaleX(-1)',
  'mtr-glue': 'width:50%',
  'cd-vert-arrow': 'display:inline-block;position:relative',
  'cd-label-left': 'display:inline-block;position:absolute;right:calc(50% + .3em);text-align:left',
  'cd-label-right': 'display:inline-block;position:absolute;left:calc(50% + .3em);text-align:right',
}

/** TeX's eleven sizes, 6 being the text's own. */
const sizes = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488]

const sizeIn = (classes: readonly string[], prefix: string) => {
  const found = classes.find((name) => name.startsWith(prefix) && name.length > prefix.length)
  return found === undefined ? undefined : sizes[Number(found.slice(prefix.length)) - 1]
}

/** Inline styles that stand for a node's classes. */
export function styleOf({ classes, parent }: Place): string {
  const has = (name: string) => classes.indexOf(name) >= 0
  const isIn = (name: string, place = parent) => !!place && place.classes.indexOf(name) >= 0
  const around = parent?.parent
  const rules = classes.map((name) => own[name]).filter((rule) => rule !== undefined)
  const add = (rule: string) => rules.push(rule)

  if (has('sizing') || has('fontsize-ensurer')) {
    const size = (sizeIn(classes, 'size') ?? 1) / (sizeIn(classes, 'reset-size') ?? 1)
    if (size !== 1) add(`font-size:${Number(size.toFixed(4))}em`)
  }
  if (has('delimsizing')) {
    const step = classes.find((name) => /^size[1-4]$/.test(name))
    if (step) add(family(`KaTeX_S${step.slice(1)}`))
  }
  if (isIn('delim-size1')) add(family('KaTeX_Size1'))
  if (isIn('delim-size4')) add(family('KaTeX_Size4'))
  if (has('op-symbol') && has('small-op')) add(family('KaTeX_Size1'))
  if (has('op-symbol') && has('large-op')) add(family('KaTeX_Size2'))
  if (has('accent-body') && !has('accent-full')) add('width:0')
  if (has('root') && isIn('sqrt')) add('margin-left:.27777778em;margin-right:-.55555556em')

  if (has('vlist-t')) {
    if (isIn('op-limits') || isIn('accent') || isIn('col-align-c')) add('text-align:center')
    if (isIn('col-align-l')) add('text-align:left')
    if (isIn('col-align-r')) add('text-align:right')
  }
  if (isIn('llap') || isIn('rlap') || isIn('clap')) {
    if (has('inner')) add(`position:absolute;${isIn('llap') ? 'right' : 'left'}:0`)
    if (has('fix')) add('display:inline-block')
  }
  if (isIn('inner') && isIn('clap', around)) add('margin-left:-50%;margin-right:50%')
  if (isIn('mfrac', around)) add('text-align:center')
  if (isIn('vlist')) add('display:block;height:0;position:relative')
  if (isIn('vlist', around)) {
    add('display:inline-block')
    if (has('pstrut')) add('overflow:hidden;width:0')
  }
  return rules.join(';')
}
