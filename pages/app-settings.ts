import { platformLocale } from 'uni-sse-channel'
import { computed, reactive, shallowRef, watch, type ComputedRef } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
export type Language = 'zh' | 'en'

export interface AppSettings {
  theme: Theme
  language: Language | 'system'
  /** The id of a model of the server; empty for its own choice. */
  model: string
}

const STORAGE_KEY = 'demo-settings'

function stored(): Partial<AppSettings> {
  const value: unknown = uni.getStorageSync(STORAGE_KEY)
  return typeof value === 'object' && value !== null ? value : {}
}

/** What the user has chosen: kept on the device, followed by every page at once. */
export const settings: AppSettings = reactive({ theme: 'system', language: 'system', model: '', ...stored() })

/** What the device had said before anything was chosen here. */
const deviceLanguage: Language = /^zh/i.test(platformLocale()) ? 'zh' : 'en'

export const language = computed<Language>(() =>
  settings.language === 'system' ? deviceLanguage : settings.language,
)

const deviceIsDark = shallowRef(false)

export const isDark = computed(() =>
  settings.theme === 'system' ? deviceIsDark.value : settings.theme === 'dark',
)

/** For the outermost view of a page: the colours of pages/look/look.css. */
export const themeClass = computed(() => (isDark.value ? 'theme-dark' : 'theme-light'))

/** The words of a page in the language that is chosen. */
export const useWords = <Words>(both: Readonly<Record<Language, Words>>): ComputedRef<Words> =>
  computed(() => both[language.value])

/** Begins to keep the settings, and to follow the device. Once, when the app is launched. */
export function followSettings(): void {
  watch(settings, (now) => uni.setStorageSync(STORAGE_KEY, { ...now }))
  followDevice()
  // The words of the components.
  watch(language, tellLocale)
  if (settings.language !== 'system') tellLocale(settings.language)
  // #ifdef H5
  watch(
    [themeClass, language],
    ([theme, words]) => {
      document.body.classList.remove('theme-light', 'theme-dark')
      document.body.classList.add(theme)
      document.documentElement.lang = words === 'zh' ? 'zh-CN' : 'en'
    },
    { immediate: true },
  )
  // #endif
}

function tellLocale(now: Language) {
  const locale = now === 'zh' ? 'zh-Hans' : 'en'
  // Android starts the app anew when it is told.
  if (uni.getLocale() !== locale) uni.setLocale(locale)
}

function followDevice() {
  // #ifdef H5
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const read = () => (deviceIsDark.value = query.matches)
  // Old browsers know no addEventListener of it.
  if (typeof query.addEventListener === 'function') query.addEventListener('change', read)
  read()
  // #endif
  // #ifndef H5
  const { theme, osTheme } = uni.getSystemInfoSync() as { theme?: string; osTheme?: string }
  deviceIsDark.value = (theme ?? osTheme) === 'dark'
  if (typeof uni.onThemeChange === 'function')
    uni.onThemeChange((now: { theme?: string }) => (deviceIsDark.value = now.theme === 'dark'))
  // #endif
}
