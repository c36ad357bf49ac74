import { createHash } from 'node:crypto'

/** Of one more server, which partitions it takes first: a draw of its own, the same on every node. */
const drawOf = (partition: number, server: number) =>
  createHash('sha1').update(`${partition}/${server}`).digest().readUInt32BE(0)

/**
 * The server of each partition. One more server takes its share, drawn (as in rendezvous hashing) from whoever has most,
 * and nothing else moves: it is where it would be had the servers come one by one. So none ever has more than one above
 * another.
 */
export function placesOf(partitions: number, servers: number): readonly number[] {
  const places = Array.from({ length: partitions }, () => 0)
  const countOf = (server: number) => places.filter((place) => place === server).length
  for (let newest = 1; newest < servers; newest++) {
    const drawn = places
      .map((_, partition) => ({ partition, draw: drawOf(partition, newest) }))
      .sort((a, b) => b.draw - a.draw)
    for (let share = Math.floor(partitions / (newest + 1)); share > 0; share--) {
      const counts = Array.from({ length: newest }, (_, server) => countOf(server))
      const fullest = counts.indexOf(Math.max(...counts))
      const taken = drawn.find(({ partition }) => places[partition] === fullest)
      if (taken) places[taken.partition] = newest
    }
  }
  return places
}
