import type { InjectionKey, Ref } from 'vue'
import { inject, onScopeDispose } from 'vue'
import type { Tool } from './dom-tools'
import type { Messages } from './messages'
import type { Section } from './section'

/** What the parts of one `<streaming-text>` need from it. Units have no props: see docs/streaming-text.md#bytes. */
export interface Port {
  readonly words: Readonly<Ref<Messages>>
  section(id: number): Section | undefined
  /** Whether the section is still being written. */
  isLive(section: Section): boolean
  openLink(href: string): void
  /** An image was tapped that is no link. */
  openImage(src: string): void
  /** An image was loaded, so it has another size now. */
  imageArrived(): void
  /** True when the app handles such links itself. */
  handlesLink(href: string): boolean
  /** The address of the source that a citation names, if it may be opened. */
  sourceUrl(href: string): string | undefined
  /** What code blocks and tables offer on H5. */
  tools(): readonly Tool[]
  copyCode(section: Section, key: number): Promise<boolean>
}

/** What the units of one section, or what stands in their place, need from it. */
export interface UnitPort<Units> {
  readonly port: Port
  readonly section: Section
  readonly units: Units
}

/**
 * A parent offers its children something under a number, which they are given as a prop. Not provide and inject:
 * Douyin's runtime tells a component its parent only after the component's setup.
 */
function createRegistry<Value>(owner: string) {
  const offered = new Map<number, Value>()
  let last = 0
  return {
    /** In a setup. Withdrawn when the component ends. */
    offer(value: Value): number {
      const id = ++last
      offered.set(id, value)
      onScopeDispose(() => offered.delete(id))
      return id
    },
    /** @throws {Error} outside of the owner */
    take(id: number): Value {
      const value = offered.get(id)
      if (value === undefined) throw new Error(`only inside of ${owner}`)
      return value
    },
  }
}

export const ports = createRegistry<Port>('<streaming-text>')
export const unitPorts = createRegistry<UnitPort<unknown>>('a section')

/** For units on platforms with WXS, where every prop would be sent along with each of them, and for App. */
export const unitPortKey: InjectionKey<UnitPort<unknown>> = Symbol('streaming-text section')

/**
 * @param id where it is offered under a number
 * @throws {Error} outside of a section
 */
export function useUnitPort<Units>(id?: number): UnitPort<Units> {
  const port = id === undefined ? inject(unitPortKey) : unitPorts.take(id)
  if (!port) throw new Error('only inside of a section')
  return port as UnitPort<Units>
}
