import { quietly } from './quietly.js'

/** The user's language as the platform tells it, as a BCP 47 tag; `en` where it does not. */
export function platformLocale(): string {
  const told: unknown =
    typeof uni === 'object' && typeof uni.getLocale === 'function'
      ? quietly(() => uni.getLocale())
      : undefined
  if (typeof told === 'string' && told !== '') return told
  return typeof navigator === 'object' && navigator.language ? navigator.language : 'en'
}
