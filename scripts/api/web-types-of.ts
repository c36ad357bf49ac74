import ts from 'typescript'

interface Package {
  readonly name: string
  readonly version: string
}

export interface Told {
  readonly name: string
  readonly description?: string
}

/** A component's part of a package's web-types. */
export interface ComponentTypes {
  readonly name: string
  readonly props: readonly (Told & {
    readonly value: { readonly kind: 'expression'; readonly type: string }
    readonly required: boolean
    readonly default?: string
  })[]
  /** `type` is what a listener is given, as a tuple. */
  readonly js: { readonly events: readonly (Told & { readonly type: string })[] }
  /** `props` is what the slot is bound to. */
  readonly slots: readonly (Told & { readonly props: readonly string[] })[]
}

/** What editors are told of a package's components: https://github.com/JetBrains/web-types */
export function webTypesOf({ name, version }: Package, components: readonly ComponentTypes[]): object {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    framework: 'vue',
    name,
    version,
    contributions: {
      html: {
        'types-syntax': 'typescript',
        'description-markup': 'markdown',
        'vue-components': components.map(({ js, slots, ...others }) => ({
          ...others,
          js: { events: js.events.map(({ type: _type, ...told }) => told) },
          slots: slots.map(({ props: _props, ...told }) => told),
        })),
      },
    },
  }
}

/**
 * Read from `defineProps<{…}>`, `defineEmits<{…}>`, their comments, and the slots of the template.
 * @param tag the component's name in templates
 * @param vue source of the component, with `<script setup lang="ts">`
 */
export function componentTypesOf(tag: string, vue: string): ComponentTypes {
  const script = /<script setup lang="ts">([\s\S]*?)<\/script>/.exec(vue)?.[1] ?? ''
  const source = ts.createSourceFile(`${tag}.ts`, script, ts.ScriptTarget.ES2020, true)
  const template = vue.slice(0, vue.indexOf('<script'))
  const defaults = defaultsOf(source)
  const props = membersOf(source, 'defineProps').map((member) => {
    const described = describe(member)
    const known = defaults.get(described.name)
    return {
      ...described,
      value: { kind: 'expression', type: typeText(member) } as const,
      required: !member.questionToken,
      ...(known !== undefined && { default: known }),
    }
  })
  return {
    name: tag.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    props,
    js: {
      events: membersOf(source, 'defineEmits').map((member) => ({
        ...describe(member),
        type: typeText(member),
      })),
    },
    slots: Array.from(template.matchAll(/<slot([^>]*)/g), ([, attributes = '']) => ({
      name: /\sname="([^"]+)"/.exec(attributes)?.[1] ?? 'default',
      props: Array.from(attributes.matchAll(/\s:([\w-]+)="/g), ([, prop = '']) => prop),
    })),
  }
}

function membersOf(source: ts.SourceFile, macro: string): ts.PropertySignature[] {
  const call = find(source, (node) => ts.isCallExpression(node) && node.expression.getText() === macro)
  const type = call && ts.isCallExpression(call) ? call.typeArguments?.[0] : undefined
  return type && ts.isTypeLiteralNode(type) ? type.members.filter(ts.isPropertySignature) : []
}

/** Of those whose default is written as a value. */
function defaultsOf(source: ts.SourceFile): ReadonlyMap<string, string> {
  const call = find(
    source,
    (node) => ts.isCallExpression(node) && node.expression.getText() === 'withDefaults',
  )
  const values = call && ts.isCallExpression(call) ? call.arguments[1] : undefined
  const written: readonly ts.ObjectLiteralElementLike[] =
    values && ts.isObjectLiteralExpression(values) ? values.properties : []
  return new Map(
    written
      .filter(ts.isPropertyAssignment)
      .filter(({ initializer }) => !ts.isArrowFunction(initializer))
      .map(({ name, initializer }) => [name.getText(), initializer.getText().replace(/'/g, '"')]),
  )
}

function find(node: ts.Node, matches: (node: ts.Node) => boolean): ts.Node | undefined {
  return matches(node) ? node : ts.forEachChild(node, (child) => find(child, matches))
}

function describe(member: ts.PropertySignature): Told {
  const comments = ts
    .getJSDocCommentsAndTags(member)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
  const description = comments.join(' ').replace(/\s+/g, ' ').trim()
  return { name: nameOf(member), ...(description !== '' && { description }) }
}

/** Without the quotes that `update:search` needs. */
const nameOf = ({ name }: ts.PropertySignature) => name.getText().replace(/^['"]|['"]$/g, '')

const typeText = ({ type }: ts.PropertySignature) => type?.getText().replace(/\s+/g, ' ') ?? 'unknown'
