import { createPushPort } from './push-port.js'

/** The one port of this app, shared by the vendor's SDK and the channels. Imports nothing of the platform. */
export const pushPort = createPushPort({
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
})
