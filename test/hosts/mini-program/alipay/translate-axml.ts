// Stand-in: the template compiler knows WeChat's language, so Alipay's is put into its words. Rules from
// github.com/AlipayDocs/open-docs, mini/framework: 事件系统/事件介绍 (onTap, catchTap), 自定义组件/组件对象 (props).

const TAG = /<([a-zA-Z][\w-]*)((?:\s+[^\s=>/]+(?:="[^"]*")?)*)\s*(\/?)>/g
const ATTRIBUTE = /([^\s=]+)(?:="([^"]*)")?/g
/** What a custom component's node keeps; everything else becomes a prop. */
const KEPT = /^(?:class|style|id|slot|a:.*|data-.*)$/
const EVENT = /^(on|catch)([A-Z]\w*)$/

/**
 * A template for the compiler: `onTap` as `bind:tap`; the attributes of a custom component as one property `given`,
 * since any name may be a prop; and all of it behind `drawn`, since Alipay runs `onLoad` and `onInit` before anything
 * is rendered.
 */
export function translateAxml(template: string, components: ReadonlySet<string>): string {
  const body = template.replace(TAG, (_, tag: string, text: string, end: string) => {
    const isOwn = components.has(tag)
    const attributes = Array.from(text.matchAll(ATTRIBUTE), ([whole, name = '', value]) => ({
      ...{ whole, name, value },
    }))
    const kept = attributes.filter(({ name }) => !isOwn || KEPT.test(name))
    const props = attributes.filter(({ name }) => isOwn && !KEPT.test(name))
    const written = kept.map(({ whole, name, value }) => {
      const [, kind, event] = EVENT.exec(name) ?? []
      return event && !isOwn ? `${kind === 'on' ? 'bind' : 'catch'}:${event.toLowerCase()}="${value}"` : whole
    })
    const given = props.map(({ name, value }) => `${camelCase(name)}: ${toExpression(value)}`)
    if (isOwn) written.push(`given="{{ { ${given.join(', ')} } }}"`)
    return `<${[tag, ...written].join(' ')}${end}>`
  })
  return `<block a:if="{{drawn}}">${body}</block>`
}

const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** `a{{b}}` as `'a' + (b)`; no value at all is true. */
function toExpression(value: string | undefined): string {
  if (value === undefined) return 'true'
  const parts = value.split(/\{\{([^]*?)\}\}/)
  const terms = parts
    .map((part, at) => (at % 2 ? `(${part})` : part && `'${part.replace(/[\\']/g, '\\$&')}'`))
    .filter(Boolean)
  return terms.join(' + ') || "''"
}
