import { glassEasel, MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import type { MiniProgramPackage } from './mini-program-package.js'
import { toPlainEvent } from './plain-event.js'
import type { SetDataMeter } from './set-data-meter.js'

type Space = ReturnType<MiniProgramEnv['createCodeSpace']>
type Backend = ReturnType<MiniProgramEnv['associateBackend']>
type Templates = Record<string, Parameters<Space['addCompiledTemplate']>[1]['content']>
type Lifetime = (this: ComponentInstance, ...args: unknown[]) => unknown

export interface ComponentSpace {
  space: Space
  backend: Backend
  /** `Component`, `Behavior` and `Page` as the module at `path` sees them. */
  definers(current: () => string): Record<string, (definition: never) => unknown>
  close(): void
}

/** The parts of an instance the host touches. */
export interface ComponentInstance {
  is: string
  setData(data: Record<string, unknown>, done?: () => void): void
  triggerEvent(...args: unknown[]): void
  onReady?(): void
  /** The framework's own node behind the instance; there is no public way from one to the other. */
  _$: glassEasel.GeneralComponent
  /** Douyin: 0 for a page. */
  __nodeId__?: number
  /** Douyin: the page's, also on its components. */
  __webviewId__?: number
}

type Observer = (this: ComponentInstance, ...values: unknown[]) => void

interface Definition {
  properties?: Record<string, { observer?: Observer } | null>
  observers?: Record<string, Observer>
  lifetimes?: Record<string, Lifetime | undefined>
  created?: Lifetime
  attached?: Lifetime
}

/** What a vendor's definitions are in the framework's words, where they differ. */
export interface ComponentModel {
  component(definition: never): object
  page(definition: never): object
}

interface SpaceHooks {
  model: ComponentModel | undefined
  meter: SetDataMeter
  /** Brings a component's own event to its parent; default: at once. */
  bringEvent: ((event: () => void) => void) | undefined
  /** Called at each component's attach, children before parents. */
  attached(instance: ComponentInstance): void
  tapped(target: Element): void
  reportError(error: unknown): void
  warn(message: string): void
}

/** Loads a package's templates, styles and configs into WeChat's own component framework. */
export function createComponentSpace(pkg: MiniProgramPackage, hooks: SpaceHooks): ComponentSpace {
  useMiniProgramEvents()
  const onError = (error: unknown) => {
    hooks.reportError(error)
    return false
  }
  const onWarning = (message: string) => {
    hooks.warn(message)
    return false
  }
  glassEasel.addGlobalErrorListener(onError)
  glassEasel.addGlobalWarningListener(onWarning)
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  const context = new glassEasel.CurrentWindowBackendContext()
  context.onEvent((target, type, detail, options) => {
    glassEasel.Event.triggerEvent(target, type, detail, options)
    const element = target.getBackendElement() as unknown as Element | null
    if (type === 'tap' && element) hooks.tapped(element)
  })
  const backend = env.associateBackend(context)
  const templates = (0, eval)(pkg.templates) as Templates
  for (const path of ['app', ...pkg.components]) {
    space.addStyleSheet(path, path)
    backend.registerStyleSheetContent(path, pkg.styles[path] ?? '')
  }
  for (const path of pkg.components) {
    const config = pkg.configs[path] ?? {}
    space.addComponentStaticConfig(path, {
      styleIsolation: 'shared',
      ...config,
      usingComponents: { ...pkg.app.usingComponents, ...config.usingComponents },
    } as Parameters<Space['addComponentStaticConfig']>[1])
    const content = templates[path]
    if (content)
      space.addCompiledTemplate(path, {
        groupList: templates,
        content,
        fallbackListenerOnNativeNode: true,
      } as Parameters<Space['addCompiledTemplate']>[1])
  }
  const { model } = hooks
  const component = (path: string, definition: object) =>
    space.componentEnv(path, (e) => e.Component(observe(definition as never, hooks)))
  return {
    space,
    backend,
    definers: (current) => ({
      Component: (definition) => component(current(), model?.component(definition) ?? definition),
      Behavior: (definition) => space.componentEnv(current(), (e) => e.Behavior(definition)),
      Page: (definition) =>
        model
          ? component(current(), model.page(definition))
          : // uni-app declares its pages with Component(); a hand-written Page() runs too, only unmetered.
            space.componentEnv(current(), (e) => e.Page(definition)),
    }),
    close() {
      glassEasel.removeGlobalErrorListener(onError)
      glassEasel.removeGlobalWarningListener(onWarning)
    },
  }
}

/** The same definition, with each instance's `setData` metered and its attach reported. */
function observe(definition: never, { meter, attached, bringEvent }: SpaceHooks): never {
  const own = definition as Definition
  // The framework knows observers of properties, which some runtimes use, only by their newer form.
  for (const [name, property] of Object.entries(own.properties ?? {}))
    if (property?.observer) own.observers = { ...own.observers, [name]: property.observer }
  const before = { ...own.lifetimes }
  const created = before['created'] ?? own.created
  const wasAttached = before['attached'] ?? own.attached
  own.lifetimes = {
    ...before,
    created(...args) {
      const original = this.setData
      this.setData = (data, done) => {
        meter.record(this.is, data)
        original.call(this, data, done)
      }
      if (bringEvent) {
        const trigger = this.triggerEvent
        this.triggerEvent = (...event) => bringEvent(() => trigger.apply(this, event))
      }
      return created?.apply(this, args)
    },
    attached(...args) {
      identify(this)
      attached(this)
      return wasAttached?.apply(this, args)
    },
  }
  return definition
}

let lastNodeId = 0

/** Douyin's names for a component and its page; a page has got its own before it is attached. */
function identify(instance: ComponentInstance): void {
  if (instance.__nodeId__ !== undefined) return
  let page = instance._$
  for (let shadow = page.ownerShadowRoot; shadow; shadow = page.ownerShadowRoot) page = shadow.getHostNode()
  const { __webviewId__ } = page.getMethodCaller() as unknown as ComponentInstance
  const facts = { __nodeId__: ++lastNodeId, ...(__webviewId__ !== undefined && { __webviewId__ }) }
  Object.assign(instance, facts)
}

const adapted = Symbol('handlers receive mini-program events')

/** Once for the framework: handlers get the vendor's plain event object instead of the framework's own. */
function useMiniProgramEvents(): void {
  // uni-app sets its handlers on the instance at run time, under generated names.
  glassEasel.globalOptions.useMethodCallerListeners = true
  glassEasel.globalOptions.writeIdToDOM = true
  const getMethod = glassEasel.Component.getMethod
  if (adapted in getMethod) return
  type Handler = (this: unknown, event: unknown, ...args: unknown[]) => unknown
  const replacement: typeof getMethod = (component, name) => {
    const method = getMethod(component, name) as Handler | undefined
    if (!method) return undefined
    return function (this: unknown, event: unknown, ...args: unknown[]) {
      return method.call(this, toPlainEvent(event), ...args)
    }
  }
  glassEasel.Component.getMethod = Object.assign(replacement, { [adapted]: true })
}
