/** Whether these are the ids of one stream, each one after the other: none missing, none twice. */
export function areDense(ids: readonly string[]): boolean {
  const places = ids.map((id) => /^(.+)_(\d+)$/.exec(id))
  const [first] = places
  return (
    first !== undefined &&
    first !== null &&
    places.every((place, index) => place?.[1] === first[1] && Number(place?.[2]) === Number(first[2]) + index)
  )
}
