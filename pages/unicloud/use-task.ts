import { jsonDecoder, useSSEChannel } from 'uni-sse-channel'
import { uniCloudSource, type UniCloudTarget } from 'uni-sse-channel/unicloud'
import { computed, watch } from 'vue'

/** What the cloud functions of the demo write at each step. */
interface Step {
  /** Percent. */
  readonly progress: number
  readonly result: string
}

const STEPS = { steps: 10, stepMs: 900 }

/** A long task in the cloud: what it reported so far, and how it stands. It outlives the page, and a reload. */
export function useTask(name: string, target: UniCloudTarget) {
  const { messages, status, connection, error, channelId, start, stop, resume } = useSSEChannel({
    key: name,
    source: uniCloudSource(target),
    decoder: jsonDecoder,
  })
  const steps = computed(() => messages.value as readonly Step[])
  const progress = computed(() => steps.value[steps.value.length - 1]?.progress ?? 0)
  const isRunning = computed(() => status.value === 'submitted' || status.value === 'streaming')

  // The id is kept while the run goes: the function runs on when this app is closed in its middle.
  const storageKey = `demo-${name}`
  watch([channelId, isRunning], ([id, running]) => {
    if (running && id) uni.setStorageSync(storageKey, id)
    else uni.removeStorageSync(storageKey)
  })
  const unfinished = uni.getStorageSync(storageKey) as string
  if (unfinished && status.value === 'idle') void resume({ channelId: unfinished })

  return {
    name,
    target,
    steps,
    progress,
    status,
    connection,
    error,
    isRunning,
    stop,
    start: () => start(STEPS),
  }
}

export type Task = ReturnType<typeof useTask>
