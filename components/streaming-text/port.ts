import type { InjectionKey, Ref } from 'vue'
import { inject } from 'vue'
import type { Messages } from './messages'
import type { Section } from './section'

/** What the parts of one `<streaming-text>` need from it. They have no props: see docs/streaming-text.md#bytes. */
export interface Port {
  readonly words: Readonly<Ref<Messages>>
  section(id: number): Section | undefined
  /** Whether the section is still being written. */
  isLive(section: Section): boolean
  openLink(href: string): void
  /** True when the app handles links itself. */
  handlesLinks(): boolean
  copyCode(section: Section, key: number): Promise<boolean>
}

/** What the units of one section need from it. */
export interface UnitPort<Units> {
  readonly section: Section
  readonly units: Units
}

export const portKey: InjectionKey<Port> = Symbol('streaming-text')
export const unitPortKey: InjectionKey<UnitPort<unknown>> = Symbol('streaming-text section')

/** @throws {Error} outside of a `<streaming-text>` */
export function usePort(): Port {
  const port = inject(portKey)
  if (!port) throw new Error('only inside of <streaming-text>')
  return port
}

/** @throws {Error} outside of a section */
export function useUnitPort<Units>(): UnitPort<Units> {
  const port = inject(unitPortKey)
  if (!port) throw new Error('only inside of a section')
  return port as UnitPort<Units>
}
