import type { NativeShell } from './shell/native-shell.js'

/** What the built-in `navigator` component does on a tap. */
export function followNavigator(target: Element, navigation: NativeShell['navigation']): void {
  const link = target.closest('navigator')
  if (!link) return
  const url = link.getAttribute('url') ?? ''
  switch (link.getAttribute('open-type') ?? 'navigate') {
    case 'navigate':
      return navigation.navigateTo(url)
    case 'redirect':
      return navigation.redirectTo(url)
    case 'navigateBack':
      return navigation.back(Number(link.getAttribute('delta') ?? 1))
    default:
      return navigation.reLaunch(url)
  }
}
