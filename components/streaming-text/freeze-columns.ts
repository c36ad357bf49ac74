/**
 * Gives the columns of a table, and what it stands in, the widths that they have, for good, in em, so that they follow the
 * reader's text size.
 * @returns false where they have none, because the table is not shown
 */
export function freezeColumns(table: HTMLTableElement): boolean {
  if (table.querySelector('colgroup')) return true
  const part = table.parentElement
  const fontSize = parseFloat(getComputedStyle(table).fontSize)
  const widths = Array.from(
    table.rows[0]?.cells ?? [],
    (cell) => cell.getBoundingClientRect().width / fontSize,
  )
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (!total || !part) return false
  const columns = table.ownerDocument.createElement('colgroup')
  for (const width of widths)
    columns.appendChild(table.ownerDocument.createElement('col')).style.width = `${width}em`
  table.insertBefore(columns, table.firstChild)
  table.style.tableLayout = 'fixed'
  table.style.width = `${total}em`
  part.style.width = `${(total * fontSize) / parseFloat(getComputedStyle(part).fontSize)}em`
  return true
}

/** No more rows come: the browser may leave the part of a table out while it is out of sight. */
export function endPart(part: HTMLElement): void {
  part.style.setProperty('contain-intrinsic-size', `auto ${part.offsetWidth}px auto ${part.offsetHeight}px`)
  part.classList.add('st-part--done')
}
