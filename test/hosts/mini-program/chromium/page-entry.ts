import type { MiniProgramOptions } from '../host-options.js'
import type { MiniProgramPackage } from '../mini-program-package.js'
import { createHost } from '../create-host.js'
import type { MiniProgramHost } from '../mini-program-host.js'
import { forward } from './forward.js'

declare global {
  interface Window {
    miniProgram: MiniProgramHost
    loadMiniProgram: (options: MiniProgramOptions) => Promise<void>
  }
}

window.loadMiniProgram = async (options) => {
  const pkg = (await (await fetch('/package.json')).json()) as MiniProgramPackage
  const stage = document.body.appendChild(document.createElement('div'))
  window.miniProgram = createHost(
    pkg,
    {
      fetch: forward,
      stage,
      // A page can neither set headers on a WebSocket nor drop it without a close frame.
      openSocket: (url, protocols) => new WebSocket(url, protocols) as never,
      cutSocket: (socket) => socket.close(),
    },
    options,
  )
}
