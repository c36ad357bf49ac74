import { setupDevToolsPlugin } from '@vue/devtools-api'
import type { App } from 'vue'
import type { AppPinia } from '../stores/app-pinia.js'
import { useChannelStore, type ChannelStore } from '../stores/channels.js'
import { inspectorState, inspectorTree } from './channel-inspector.js'
import { timelineEvent } from './timeline-event.js'
import { watchChannels } from './watch-channels.js'

/** What `channelDevtools()` takes. */
export interface ChannelDevtoolsOptions {
  /** Whose channels are shown. Default: those of the app. */
  readonly store?: ChannelStore
}

const ID = 'uni-sse-channel'
const COLOUR = 0x2962f0

/**
 * Vue plugin: a timeline of every channel in Vue's devtools (states, attempts, transports, cursors, stops), and a list
 * of them to look into and to stop. Needs `@vue/devtools-api` 7 or later. Install it in development only.
 * @example if (import.meta.env.DEV) app.use((await import('uni-sse-channel/devtools')).channelDevtools())
 */
export function channelDevtools(options: ChannelDevtoolsOptions = {}): { install(app: App): void } {
  return {
    install(app) {
      const descriptor = {
        id: ID,
        label: 'uni-sse-channel',
        packageName: 'uni-sse-channel',
        homepage: 'https://github.com/uni-sse-channel/uni-sse-channel',
        app: app as never,
      }
      setupDevToolsPlugin(descriptor, (api) => {
        const pinia = app.config.globalProperties['$pinia'] as AppPinia | undefined
        const store = options.store ?? useChannelStore(pinia)
        api.addTimelineLayer({ id: ID, label: 'SSE channels', color: COLOUR })
        api.addInspector({
          id: ID,
          label: 'SSE channels',
          icon: 'stream',
          treeFilterPlaceholder: 'Search by key',
          nodeActions: [
            { icon: 'stop', tooltip: 'Stop this channel', action: (key: string) => store.stop(key) },
          ],
        })
        api.on.getInspectorTree((payload) => {
          if (payload.inspectorId === ID) payload.rootNodes = inspectorTree(store, payload.filter)
        })
        api.on.getInspectorState((payload) => {
          if (payload.inspectorId === ID) payload.state = inspectorState(store, payload.nodeId) as never
        })
        watchChannels(store, (observation) => {
          api.addTimelineEvent({ layerId: ID, event: timelineEvent(observation) as never })
          api.sendInspectorTree(ID)
          api.sendInspectorState(ID)
        })
      })
    },
  }
}
