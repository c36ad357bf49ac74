import { shallowReactive } from 'vue'

type Rating = 'like' | 'dislike'
type Ratings = Record<string, Rating>

const STORAGE_KEY = 'demo-ratings'

let ratings: Ratings | undefined

/** What the reader thought of answers, by id. A product sends it to its server as well. */
export function useRatings() {
  const known = (ratings ??= shallowReactive({ ...(uni.getStorageSync(STORAGE_KEY) as Ratings | '') }))
  return {
    ratings: known as Readonly<Ratings>,
    rate(id: string, rating: Rating | undefined) {
      if (rating) known[id] = rating
      else Reflect.deleteProperty(known, id)
      uni.setStorageSync(STORAGE_KEY, { ...known })
    },
  }
}
