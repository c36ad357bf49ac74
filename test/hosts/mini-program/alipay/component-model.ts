// Stand-in: Alipay's component model, component2, exists only inside its app. Here it is laid over WeChat's framework,
// as told in github.com/AlipayDocs/open-docs, mini/framework: 自定义组件/生命周期, 自定义组件/组件对象, 小程序页面/页面运行机制.
// Not there: didUpdate, mixins, refs, lifetimes, `$spliceData`, props in templates; uni-app uses none of them.
// Not told there, so assumed: a component's own setData does not call deriveDataFromProps.
import type { ComponentInstance } from '../component-space.js'
import { propsOf, type Props } from './props.js'

type Hook = (this: Alipay, ...args: unknown[]) => unknown

interface Alipay extends ComponentInstance {
  data: Record<string, unknown>
  props?: Props
  properties?: undefined
  $id?: number
  $page?: unknown
}

interface Component2 {
  props?: Props
  data?: object
  methods?: Record<string, Hook>
  onInit?: Hook
  deriveDataFromProps?: Hook
  didMount?: Hook
  didUnmount?: Hook
}

/** A definition in the words of the framework underneath. */
export interface FrameworkDefinition {
  options: { multipleSlots: true }
  properties: Record<string, { type: null; value: object }>
  observers: Record<string, (this: Alipay, value: Props) => void>
  data: object
  methods: Record<string, Hook>
  lifetimes: Record<string, Hook>
}

const common = { options: { multipleSlots: true }, properties: {}, observers: {} } as const
let lastId = 0

/** onInit, deriveDataFromProps, first rendering; didMount comes in a later task, children first. */
export function fromComponent2(definition: Component2): FrameworkDefinition {
  const { props: defaults = {}, data, methods = {}, onInit, deriveDataFromProps, didMount } = definition
  const alive = new WeakSet<Alipay>()
  return {
    ...common,
    properties: { given: { type: null, value: {} } },
    observers: {
      given(given) {
        if (!alive.has(this)) return
        const next = propsOf(this, defaults, given)
        // The old ones are still to be seen meanwhile.
        deriveDataFromProps?.call(this, next)
        this.props = next
      },
    },
    data: { ...data },
    methods,
    lifetimes: {
      created() {
        // WeChat's name; runtimes for several vendors ask for it first.
        this.properties = undefined
      },
      attached() {
        alive.add(this)
        this.$id = ++lastId
        this.$page = pageOf(this)
        this.props = propsOf(this, defaults, this.data['given'] as Props)
        onInit?.call(this)
        deriveDataFromProps?.call(this, this.props)
        draw(this)
      },
      ready() {
        if (alive.has(this)) didMount?.call(this)
      },
      detached() {
        alive.delete(this)
        definition.didUnmount?.call(this)
      },
    },
  }
}

/**
 * onLoad, onShow, then the first rendering in a later task, when the view has told that it is there; then onReady.
 * @param later runs its argument in a task of its own
 */
export function fromPage(
  definition: Record<string, unknown>,
  later: (work: () => void) => void,
): FrameworkDefinition {
  const { data, ...rest } = definition
  const isMethod = (entry: [string, unknown]): entry is [string, Hook] => typeof entry[1] === 'function'
  const entries = Object.entries(rest)
  const fields = Object.fromEntries(entries.filter((entry) => !isMethod(entry)))
  return {
    ...common,
    data: { ...(typeof data === 'function' ? (data as () => object)() : (data as object | undefined)) },
    methods: Object.fromEntries(entries.filter(isMethod)),
    lifetimes: {
      created() {
        Object.assign(this, fields)
        later(() => draw(this))
      },
    },
  }
}

/** Lets the template appear. Not through the instance: no data of the app's crosses for it. */
function draw(instance: Alipay): void {
  const slots = (instance.props?.['uS'] ?? []) as string[]
  // For the contents a slot has of its own.
  const $slots = Object.fromEntries(slots.map((name) => [name, true]))
  instance._$.setData({ drawn: true, $slots })
}

function pageOf({ _$ }: Alipay): unknown {
  let node = _$
  for (let shadow = node.ownerShadowRoot; shadow; shadow = node.ownerShadowRoot) node = shadow.getHostNode()
  return node.getMethodCaller()
}
