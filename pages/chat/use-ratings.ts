import { shallowRef } from 'vue'

type Rating = 'like' | 'dislike'

const STORAGE_KEY = 'demo-ratings'

/** What the reader thought of answers, by id. A product sends it to its server as well. */
export function useRatings() {
  const ratings = shallowRef<Readonly<Record<string, Rating>>>(
    (uni.getStorageSync(STORAGE_KEY) as Record<string, Rating> | '') || {},
  )
  return {
    ratings,
    rate(id: string, rating: Rating | undefined) {
      const { [id]: _former, ...others } = ratings.value
      ratings.value = rating ? { ...others, [id]: rating } : others
      uni.setStorageSync(STORAGE_KEY, ratings.value)
    },
  }
}
