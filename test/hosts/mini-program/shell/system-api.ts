import { succeeding } from './api-answer.js'
import type { NativeShell } from './native-shell.js'

const SCREEN = {
  pixelRatio: 2,
  screenWidth: 375,
  screenHeight: 667,
  windowWidth: 375,
  windowHeight: 603,
  statusBarHeight: 20,
  safeArea: { left: 0, right: 375, top: 20, bottom: 667, width: 375, height: 647 },
}

const SYSTEM = {
  ...SCREEN,
  platform: 'ios',
  system: 'iOS 17.4',
  brand: 'stand-in',
  model: 'stand-in',
  SDKVersion: '3.8.0',
  version: '8.0.50',
  language: 'zh_CN',
  fontSizeSetting: 16,
  theme: 'light',
  host: { env: 'WeChat' },
}

/** What the app asks about the device, the account and the way it was opened. */
export function createSystemApi(shell: NativeShell): Record<string, unknown> {
  const system = () => ({ ...SYSTEM, ...shell.system })
  return {
    getSystemInfoSync: system,
    getSystemInfo: succeeding(shell.process, 'getSystemInfo', system),
    getDeviceInfo: system,
    getWindowInfo: system,
    getAppBaseInfo: system,
    getSystemSetting: () => ({}),
    getAppAuthorizeSetting: () => ({}),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'wx0', envVersion: 'develop', version: '' } }),
    getMenuButtonBoundingClientRect: () => ({
      width: 87,
      height: 32,
      left: 278,
      top: 24,
      right: 365,
      bottom: 56,
    }),
    getLaunchOptionsSync: () => shell.launchOptions(),
    getEnterOptionsSync: () => shell.launchOptions(),
    canIUse: () => true,
    getNetworkType: succeeding(shell.process, 'getNetworkType', () => ({
      networkType: shell.network.reported,
      isConnected: shell.network.reported !== 'none',
    })),
    getLogManager: () => ({ log() {}, info() {}, warn() {}, debug() {} }),
    getPerformance: () => ({ now: () => performance.now() }),
    reportPerformance: () => {},
    preloadAssets: () => {},
    env: { USER_DATA_PATH: 'http://usr' },
    base64ToArrayBuffer: (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer,
    arrayBufferToBase64: (buffer: ArrayBuffer) =>
      btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')),
  }
}
