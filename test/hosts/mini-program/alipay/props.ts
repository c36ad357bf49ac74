// Stand-in for how Alipay hands attributes to a component: all of them are props, and those named `on…` are functions
// of whoever wrote the tag (github.com/AlipayDocs/open-docs, mini/framework/自定义组件/组件对象: 外部使用传递 props).
import type { ComponentInstance } from '../component-space.js'

export type Props = Record<string, unknown>
type Callable = Record<string, ((...args: unknown[]) => unknown) | undefined>

/** Defaults, then what was given; the name of a function becomes one that looks for it when it is called. */
export function propsOf({ _$ }: ComponentInstance, defaults: Props, given: Props): Props {
  const owner = _$.ownerShadowRoot?.getHostNode().getMethodCaller() as Callable | undefined
  const call = (name: string, args: unknown[]) => {
    const method = owner?.[name]
    if (!method) throw new TypeError(`${name} is no method of ${_$.ownerShadowRoot?.getHostNode().is}`)
    return method.apply(owner, args)
  }
  const props = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const isFunction = /^on[A-Z]/.test(name) && typeof value === 'string'
    props[name] = isFunction ? (...args: unknown[]) => call(value, args) : value
  }
  return props
}
