import { version } from '../../package.json'

/** Who runs this, for whoever is to help. Names and values, as the platform tells them. */
export function deviceFacts(): readonly (readonly [name: string, value: string])[] {
  const info = uni.getSystemInfoSync() as unknown as Readonly<Record<string, unknown>>
  const said = (...names: string[]) =>
    names
      .map((name) => info[name])
      .filter((value) => value !== undefined && value !== '')
      .join(' ')
  const facts: [string, string][] = [
    ['library', `uni-sse-channel ${version}`],
    ['platform', said('uniPlatform', 'hostName', 'hostVersion')],
    ['device', said('deviceBrand', 'deviceModel')],
    ['system', said('osName', 'osVersion') || said('system')],
    ['browser', said('browserName', 'browserVersion')],
    ['runtime', said('SDKVersion') || said('hostSDKVersion')],
    ['compiler', said('uniCompileVersion')],
  ]
  return facts.filter(([, value]) => value !== '')
}

/** `wifi`, `4g`, `none`…; on H5 a guess. */
export function networkType(): Promise<string> {
  return new Promise((resolve) => {
    uni.getNetworkType({ success: (told) => resolve(told.networkType), fail: () => resolve('unknown') })
  })
}
