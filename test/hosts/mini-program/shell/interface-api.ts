import { succeeding } from './api-answer.js'
import type { NativeShell } from './native-shell.js'

/** Calls that only show something: they succeed, and the host's `apiCalls` tells what was asked for. */
const SHOWN = [
  ...[
    'showToast',
    'hideToast',
    'showLoading',
    'hideLoading',
    'setNavigationBarTitle',
    'setNavigationBarColor',
  ],
  ...['showNavigationBarLoading', 'hideNavigationBarLoading', 'startPullDownRefresh', 'stopPullDownRefresh'],
  ...['pageScrollTo', 'vibrateShort', 'vibrateLong', 'hideKeyboard', 'setKeepScreenOn', 'previewImage'],
]

interface UrlOption {
  url: string
}

interface ObserverSource {
  createIntersectionObserver(options: object): unknown
}

/** Navigation, dialogs and the clipboard. */
export function createInterfaceApi({ process, navigation, ...shell }: NativeShell): Record<string, unknown> {
  let clipboard = ''
  return {
    ...Object.fromEntries(SHOWN.map((name) => [name, succeeding(process, name)])),
    showModal: succeeding(process, 'showModal', () => ({ confirm: true, cancel: false })),
    showActionSheet: succeeding(process, 'showActionSheet', () => ({ tapIndex: 0 })),
    setClipboardData: succeeding(process, 'setClipboardData', ({ data }: { data: string }) => {
      clipboard = data
      return undefined
    }),
    getClipboardData: succeeding(process, 'getClipboardData', () => ({ data: clipboard })),
    navigateTo: succeeding(process, 'navigateTo', ({ url }: UrlOption) => void navigation.navigateTo(url)),
    redirectTo: succeeding(process, 'redirectTo', ({ url }: UrlOption) => void navigation.redirectTo(url)),
    reLaunch: succeeding(process, 'reLaunch', ({ url }: UrlOption) => void navigation.reLaunch(url)),
    switchTab: succeeding(process, 'switchTab', ({ url }: UrlOption) => void navigation.reLaunch(url)),
    navigateBack: succeeding(
      process,
      'navigateBack',
      ({ delta = 1 }: { delta?: number }) => void navigation.back(delta),
    ),
    nextTick: (callback: () => void) => process.deliver(callback),
    createSelectorQuery: () => shell.createSelectorQuery(),
    createIntersectionObserver: (component: ObserverSource, options: object) =>
      component.createIntersectionObserver(options),
  }
}
