import { onUnmounted, ref, shallowRef, watch, type Ref } from 'vue'

export type ReplayStatus = 'idle' | 'streaming' | 'stopped' | 'done'

/** Plays a text as a network would bring it: `size` characters, `perSecond` times a second. */
export function useReplay(source: Ref<string>, size: Ref<number>, perSecond: Ref<number>) {
  const text = shallowRef('')
  const status = ref<ReplayStatus>('idle')
  let timer: ReturnType<typeof setInterval> | undefined

  function end(as: ReplayStatus) {
    clearInterval(timer)
    status.value = as
  }

  function run() {
    clearInterval(timer)
    timer = setInterval(() => {
      text.value = source.value.slice(0, text.value.length + size.value)
      if (text.value.length >= source.value.length) end('done')
    }, 1000 / perSecond.value)
  }

  function play() {
    text.value = ''
    status.value = 'streaming'
    run()
  }

  watch(perSecond, () => status.value === 'streaming' && run())
  watch(source, () => {
    end('idle')
    text.value = ''
  })
  onUnmounted(() => clearInterval(timer))
  return { text, status, play, stop: () => end('stopped') }
}
