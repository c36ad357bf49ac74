// From the .wxs file of this name: npx tsx scripts/view-scripts.ts
// The log of a unit (see unit-log.ts) to blocks and runs.

var DEL = '\u007f'
var MARKS = ['st-em', 'st-strong', 'st-del', 'st-code', '', 'st-sub', 'st-sup', 'st-mark', 'st-code']

function lookClass(letter) {
  var bits = letter.charCodeAt(0) - 97
  var names = 'st-run'
  for (var i = 0; i < 9; i++) {
    if (bits % 2 === 1) names += ' ' + MARKS[i]
    bits = (bits - (bits % 2)) / 2
  }
  return names
}

function railsOf(path) {
  var rails = []
  for (var i = 0; i < path.length; i++) {
    var letter = path.charAt(i)
    if (letter === 'o' || letter === 'O' || letter === 'n') {
      var end = path.indexOf(';', i)
      var label = path.substring(i + 1, end)
      var rail = { c: 'st-rail st-rail--item', t: label + '.', h: '' }
      if (letter === 'O') rail.c += ' st-rail--blank'
      else if (letter === 'n') {
        rail.c += ' st-link'
        rail.h = '#back-' + label
        if (label.charCodeAt(0) > 57) rail.t = '↑'
      }
      rails.push(rail)
      i = end
    } else if (letter === 'u') rails.push({ c: 'st-rail st-rail--item', t: '•' })
    else if (letter === 'Q') rails.push({ c: 'st-rail st-rail--quote', t: '' })
    else rails.push({ c: letter === 'q' ? 'st-rail st-rail--quote st-rail--on' : 'st-rail', t: '' })
  }
  return rails
}

function blockOf(kind, header) {
  var bar = header.indexOf('|')
  var argument = bar < 0 ? '' : header.substring(bar + 1)
  var path = bar < 0 ? header : header.substring(0, bar)
  var goesOn = path.charAt(0) === '~'
  if (goesOn) path = path.substring(1)
  var tight = path.charAt(0) === '.'
  if (tight) path = path.substring(1)
  var runs = []
  var block = {
    k: kind,
    key: '',
    language: '',
    c: 'st-row' + (tight ? '' : ' st-row--gap') + (goesOn ? ' st-row--on' : ''),
    rails: railsOf(path),
    on: goesOn,
    align: '',
    widths: [],
    runs: runs,
    rows: [],
    plain: true
  }
  if (kind === 'C') {
    var comma = argument.indexOf(',')
    block.key = argument.substring(0, comma)
    block.language = argument.substring(comma + 1)
  } else if (kind === 'T') block.align = argument
  else if (kind === 'N' || kind === 'Y') {
    var mark = block.rails[block.rails.length - 1]
    if (mark.t) mark.t = kind === 'Y' ? '☑' : '☐'
  }
  return block
}

function alignClass(letter) {
  return 'st-cell' + (letter === 'r' ? ' st-cell--right' : letter === 'c' ? ' st-cell--center' : '')
}

function cellOf(block, row) {
  var width = block.widths[row.cells.length]
  var cell = {
    c: alignClass(block.align.charAt(row.cells.length)),
    s: width ? 'width:' + width + 'em;min-width:' + width + 'em' : '',
    runs: []
  }
  row.cells.push(cell)
  return cell.runs
}

function widen(block, widths) {
  block.widths = widths.split(',')
  for (var i = 0; i < block.rows.length; i++) {
    var cells = block.rows[i].cells
    for (var j = 0; j < cells.length; j++)
      cells[j].s = 'width:' + block.widths[j] + 'em;min-width:' + block.widths[j] + 'em'
  }
}

function colour(block, spec) {
  var runs = block.runs
  var last = runs[runs.length - 1]
  if (!last) return
  var text = last.t
  var start = text.lastIndexOf('\n') + 1
  last.t = text.substring(0, start)
  var i = 0
  while (i < spec.length) {
    var name = spec.charAt(i)
    var size = 0
    i++
    while (i < spec.length && spec.charAt(i) >= '0' && spec.charAt(i) <= '9') {
      size = size * 10 + (spec.charCodeAt(i) - 48)
      i++
    }
    runs.push({
      k: 't',
      c: name === '_' ? 'st-run' : 'st-run st-hl st-hl--' + name,
      t: text.substring(start, start + size),
      h: ''
    })
    start += size
  }
  runs.push({ k: 't', c: 'st-run', t: text.substring(start), h: '' })
}

function blocks(log) {
  var out = []
  if (!log || !log.length) return out
  var parts = log.join('').split(DEL)
  var block = null
  var row = null
  var runs = []
  var run = null
  for (var i = 1; i < parts.length; i++) {
    var part = parts[i]
    var letter = part.charAt(0)
    var text = part.substring(1)
    if ((letter >= 'A' && letter <= 'Z') || (letter >= '1' && letter <= '6')) {
      var end = text.indexOf(' ')
      var argument = text.substring(0, end)
      text = text.substring(end + 1)
      if (letter === 'W') widen(block, argument)
      else if (letter === 'A') row.cells[row.cells.length - 1].c = alignClass(argument)
      else if (letter === 'Z') {
        colour(block, argument)
        run = block.runs[block.runs.length - 1]
      } else {
        block = blockOf(letter, argument)
        out.push(block)
        runs = block.runs
        run = null
      }
    } else if (letter === '=' || letter === '-') {
      row = { c: letter === '=' ? 'st-tr st-tr--head' : 'st-tr', cells: [] }
      block.rows.push(row)
      runs = cellOf(block, row)
      run = null
    } else if (letter === '|') {
      runs = cellOf(block, row)
      run = null
    } else if (letter === '!') {
      var source = text.indexOf(' ')
      var link = text.indexOf(' ', source + 1)
      run = {
        k: 'i',
        c: 'st-image',
        t: '',
        h: text.substring(source + 1, link),
        s: text.substring(0, source)
      }
      block.plain = false
      runs.push(run)
      text = text.substring(link + 1)
    } else if (letter === '$' || letter === '#') {
      run = { k: 'm', c: letter === '$' ? 'st-math' : 'st-math st-math--failed', t: '', h: '' }
      runs.push(run)
    } else if (letter === '&' || letter === '*') {
      var line = text.indexOf('\n')
      run = { k: 'f', c: 'st-formula', t: '', h: '', s: text.substring(0, line) }
      if (letter === '*') run.c += ' st-formula--block'
      block.plain = false
      runs.push(run)
      text = text.substring(line + 1)
    } else if (letter === '@') {
      var stop = text.indexOf(' ')
      run = { k: 't', c: lookClass(text.charAt(0)) + ' st-link', t: '', h: text.substring(1, stop) }
      runs.push(run)
      text = text.substring(stop + 1)
    } else {
      run = { k: 't', c: lookClass(letter), t: '', h: '' }
      runs.push(run)
    }
    if (text) {
      if (!run) {
        run = { k: 't', c: 'st-run', t: '', h: '' }
        runs.push(run)
      }
      run.t += text
    }
  }
  return out
}

function unitClass(live) {
  return live ? 'st-unit st-unit--live' : 'st-unit'
}
function kind(block) {
  var k = block.k
  if (k === 'C' || k === 'M' || k === 'H') return 'code'
  if (k === 'T') return 'table'
  if (k === 'R') return 'rule'
  return block.plain ? 'text' : 'flow'
}
function same(value) {
  return value
}
// From right to left, as its first letter that has a direction.
function isRtl(block) {
  for (var i = 0; i < block.runs.length; i++) {
    var text = block.runs[i].t
    for (var j = 0; j < text.length; j++) {
      var code = text.charCodeAt(j)
      if (
        (code > 0x58f && code < 0x900) ||
        (code > 0xfb1c && code < 0xfe00) ||
        (code > 0xfe6f && code < 0xfeff)
      )
        return true
      if (code > 0xa9 || (code > 0x60 && code < 0x7b) || (code > 0x40 && code < 0x5b)) return false
    }
  }
  return false
}
function rowClass(block) {
  return isRtl(block) ? block.c + ' st-row--rtl' : block.c
}
function textClass(block) {
  var k = block.k
  if (k >= '1' && k <= '6') return 'st-text st-h st-h' + k
  if (k === 'S') return 'st-text st-strong'
  return k === 'Y' ? 'st-text st-done' : 'st-text'
}
function rails(block) {
  return block.rails
}
function runsOf(block) {
  return block.runs
}
function rows(block) {
  return block.rows
}
function cells(row) {
  return row.cells
}
function key(block) {
  return block.key
}
function language(block) {
  return block.language
}
function hasHead(block) {
  return block.k === 'C' && !block.on
}
function codeClass(block) {
  return 'st-pre st-pre--' + block.k + (block.on ? ' st-pre--on' : '')
}
function className(item) {
  return item.c
}
function style(cell) {
  return cell.s
}
function text(run) {
  return run.t
}
function href(run) {
  return run.h
}
function source(run) {
  return run.s
}
function isImage(run) {
  return run.k === 'i'
}

export default {
  blocks: blocks,
  same: same,
  unitClass: unitClass,
  kind: kind,
  rowClass: rowClass,
  textClass: textClass,
  rails: rails,
  runsOf: runsOf,
  rows: rows,
  cells: cells,
  key: key,
  language: language,
  hasHead: hasHead,
  codeClass: codeClass,
  className: className,
  style: style,
  text: text,
  href: href,
  source: source,
  isImage: isImage
}
