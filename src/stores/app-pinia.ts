import { getCurrentInstance, type App, type Ref } from 'vue'

/** A Pinia, of whatever version the app installed. */
export interface AppPinia {
  readonly state: Ref<Record<string, unknown>>
}

type Config = App['config']

let lastConfig: Config | undefined

/** Outside its components too, the Pinia of this app is the one to use. */
export function rememberApp(app: App): void {
  lastConfig = app.config
}

/** The Pinia that the app uses; undefined while it uses none. */
export function appPinia(): AppPinia | undefined {
  lastConfig = getCurrentInstance()?.appContext.config ?? lastConfig
  return lastConfig?.globalProperties['$pinia'] as AppPinia | undefined
}
