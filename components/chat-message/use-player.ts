import { onUnmounted, readonly, ref, type Ref } from 'vue'

export interface Player {
  /** The address of what is heard now; empty while nothing is. */
  readonly playing: Readonly<Ref<string>>
  /** Plays it, or stops it if it is what is heard. */
  toggle(url: string): void
}

/** Sounds of a message, one at a time, on every platform. */
export function usePlayer(): Player {
  const playing = ref('')
  let context: UniApp.InnerAudioContext | undefined

  function stop() {
    context?.destroy()
    context = undefined
    playing.value = ''
  }

  onUnmounted(stop)
  return {
    playing: readonly(playing),
    toggle(url) {
      const isSame = playing.value === url
      stop()
      if (isSame) return
      const own = uni.createInnerAudioContext()
      const end = () => {
        // Of one that was left for another: that is the other's to say.
        if (context === own) stop()
      }
      own.onEnded(end)
      own.onError(end)
      own.src = url
      own.play()
      context = own
      playing.value = url
    },
  }
}
