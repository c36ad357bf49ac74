/**
 * Gives the columns of a table the widths that they have, for good, in em, so that they follow the reader's text size.
 * @returns false where they have none, because the table is not shown
 */
export function freezeColumns(table: HTMLTableElement): boolean {
  if (table.querySelector('colgroup')) return true
  const fontSize = parseFloat(getComputedStyle(table).fontSize)
  const widths = Array.from(
    table.rows[0]?.cells ?? [],
    (cell) => cell.getBoundingClientRect().width / fontSize,
  )
  const total = widths.reduce((sum, width) => sum + width, 0)
  if (!total) return false
  const columns = table.ownerDocument.createElement('colgroup')
  for (const width of widths)
    columns.appendChild(table.ownerDocument.createElement('col')).style.width = `${width}em`
  table.insertBefore(columns, table.firstChild)
  table.style.tableLayout = 'fixed'
  table.style.width = `${total}em`
  return true
}
