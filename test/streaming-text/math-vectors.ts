/** Calls that must never happen, and addresses that must never be made, in every place of a formula that takes text. */
const CALL = 'pwned()'
const addresses = [
  `javascript:${CALL}`,
  `jAvAsCrIpT:${CALL}`,
  ` javascript:${CALL}`,
  `java\tscript:${CALL}`,
  `data:text/html,<script>${CALL}</script>`,
  `vbscript:${CALL}`,
  'https://evil.example/a.png',
  '//evil.example/a.png',
  'file:///etc/passwd',
]
const html = `<img src=x onerror=${CALL}>`
const sources = [
  ...addresses.flatMap((address) => [
    `\\href{${address}}{x}`,
    `\\url{${address}}`,
    `\\includegraphics{${address}}`,
    `\\includegraphics[alt=${CALL},width=1em]{${address}}`,
    `\\htmlData{href=${address}, src=${address}}{x}`,
    `\\htmlStyle{background:url(${address})}{x}`,
  ]),
  `\\htmlId{app" onload="${CALL}}{x}`,
  `\\htmlClass{x" onmouseover="${CALL}}{x}`,
  `\\htmlStyle{x:expression(${CALL})}{x}`,
  `\\class{st-link}{x}`,
  `\\style{position:fixed}{x}`,
  `\\cssId{app}{x}`,
  `\\text{${html}}`,
  `\\text{</span></div>${html}}`,
  `\\mathrm{"onload=${CALL}}`,
  `\\operatorname{${html}}`,
  `\\color{red;background:url(https://evil.example)}x`,
  `\\color{url(https://evil.example/c)}x`,
  `\\textcolor{expression(${CALL})}{x}`,
  `\\colorbox{javascript:${CALL}}{x}`,
  `\\fcolorbox{red}{url(//evil.example)}{x}`,
  `\\rule[0em]{1em;background:url(//evil.example)}{1em}`,
  `\\kern1em;background:url(//evil.example)x`,
  `\\hspace{1em" onload="${CALL}}`,
  `\\begin{array}{c" onload="${CALL}} a \\end{array}`,
  `\\tag{${html}} x`,
  `\\xrightarrow{${html}} x`,
  `\\verb|${html}|`,
  `\\char"3C img src=x onerror=${CALL}>`,
  `\\unicode{x3C}script${CALL}`,
  `\\def\\a{\\href{javascript:${CALL}}{x}}\\a`,
  `\\let\\a\\href\\a{javascript:${CALL}}{x}`,
  `\\phase{${html}}`,
  `&lt;img src=x onerror=${CALL}&gt;`,
  `x'";--><svg onload=${CALL}>`,
]

/** Each in every notation of a formula, and inside of a link, a table, a heading. */
export const mathVectors: readonly string[] = sources.flatMap((source, at) => [
  `$${source}$ end`,
  [
    `\\(${source}\\)`,
    `$$\n${source}\n$$`,
    `\\[${source}\\]`,
    `| a |\n|---|\n| $${source}$ |`,
    `# $${source}$`,
  ][at % 5] as string,
])
