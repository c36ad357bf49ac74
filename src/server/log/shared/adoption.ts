import type { Adopter, Orphan } from '../event-log.js'

/** Who in this process goes on with runs of others. */
export interface Adoption {
  add(adopter: Adopter): () => void
  names(): readonly string[]
  /** False: nobody takes it any more. */
  take(orphan: Orphan): boolean
  taken(channelId: string): void
}

export function createAdoption(): Adoption {
  const adopters = new Set<Adopter>()
  return {
    add(adopter) {
      adopters.add(adopter)
      return () => void adopters.delete(adopter)
    },
    names: () => [...new Set([...adopters].flatMap(({ names }) => names))],
    take(orphan) {
      const adopter = [...adopters].find(({ names }) => names.includes(orphan.resume.name))
      adopter?.take(orphan)
      return adopter !== undefined
    },
    taken(channelId) {
      for (const adopter of [...adopters]) adopter.taken(channelId)
    },
  }
}
