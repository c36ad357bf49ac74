/** The user's language as the platform tells it, as a BCP 47 tag; `en` where it does not. */
export function platformLocale(): string {
  if (typeof uni === 'object' && typeof uni.getLocale === 'function') return uni.getLocale()
  return typeof navigator === 'object' ? navigator.language : 'en'
}
