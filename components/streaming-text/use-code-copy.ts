import { onUnmounted } from 'vue'
import type { Port } from './port'
import type { Section } from './section'

/** How long a button says that it copied, in milliseconds. */
const SAID_MS = 1500

/** Copies a code block of the section, and has its button say so for a while. */
export function useCodeCopy(
  port: Port,
  section: Section,
): (key: number, say: (label: string) => void) => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  onUnmounted(() => clearTimeout(timer))

  return async (key, say) => {
    if (!(await port.copyCode(section, key))) return
    say(port.words.value.copied)
    timer = setTimeout(() => say(port.words.value.copy), SAID_MS)
  }
}
