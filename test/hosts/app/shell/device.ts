/** No notch. */
export const INSETS = {
  ...{ top: 0, right: 0, bottom: 0, left: 0 },
  ...{ deviceTop: 0, deviceRight: 0, deviceBottom: 0, deviceLeft: 0 },
}

/** What both layers ask about the screen. */
export const SCREEN = {
  navigator: {
    getStatusbarHeight: () => 0,
    isImmersedStatusbar: () => false,
    getStatusBarStyle: () => 'dark',
    getUIStyle: () => 'light',
    getOrientation: () => 0,
    getSafeAreaInsets: () => INSETS,
  },
  screen: {
    scale: 2,
    resolutionWidth: 375,
    resolutionHeight: 667,
    getCurrentSize: () => ({ width: 375, height: 667 }),
  },
}

/** `getSystemInfo` of the native side. */
export const SYSTEM = {
  ...{ brand: 'stand-in', model: 'stand-in', deviceId: 'stand-in', pixelRatio: 2, statusBarHeight: 0 },
  ...{ screenWidth: 375, screenHeight: 667, windowWidth: 375, windowHeight: 667 },
  ...{ language: 'zh-CN', appLanguage: 'zh-Hans', appId: '__UNI__0000000', appName: 'app' },
  ...{ appVersion: '1.0.0', appVersionCode: '100' },
  safeArea: { left: 0, right: 375, top: 0, bottom: 667, width: 375, height: 667 },
  safeAreaInsets: { top: 0, left: 0, right: 0, bottom: 0 },
}
