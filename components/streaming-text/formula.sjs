// From the .wxs file of this name: npx tsx scripts/view-scripts.ts
// See src/math/formula-text.ts.

var kept = {}
var size = 0

function nodes(spec) {
  if (kept[spec]) return kept[spec]
  var parts = spec.split('`')
  var styles = parts[0].split('|')
  var open = [[]]
  for (var i = 1; i < parts.length; i++) {
    var part = parts[i]
    if (!part) open.pop()
    else {
      var at = part.indexOf(' ')
      var runs = at < 0 ? [] : [{ type: 'text', text: part.substring(at + 1) }]
      open[open.length - 1].push({ name: 'span', attrs: { style: styles[parseInt(part)] }, children: runs })
      if (at < 0) open.push(runs)
    }
  }
  if (size++ % 200 === 0) kept = {}
  kept[spec] = open[0]
  return open[0]
}

export default {
  nodes: nodes
}
