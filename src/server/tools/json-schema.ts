/** A JSON Schema, as a model is told of a tool's input. */
export type JsonSchema = Readonly<Record<string, unknown>>

const MAX_DEPTH = 100

/**
 * What is wrong with a value, one sentence each; the first 20. Knows what schemas of tools are made of: types, enums,
 * objects, lists, bounds, patterns, `anyOf`, `oneOf`, `allOf`, `not`, and references within the schema. What it does not
 * know forbids nothing.
 */
export function schemaErrors(schema: JsonSchema, value: unknown): readonly string[] {
  const errors: string[] = []
  const tell = (path: string, what: string) =>
    void (errors.length < 20 && errors.push(`${path || 'The input'} ${what}.`))
  check(schema, value, { root: schema, path: '', depth: 0, tell })
  return errors
}

interface Place {
  readonly root: JsonSchema
  readonly path: string
  readonly depth: number
  readonly tell: (path: string, what: string) => void
}

function check(schema: unknown, value: unknown, place: Place) {
  if (schema === false) return place.tell(place.path, 'must not be there')
  if (!isObject(schema) || place.depth > MAX_DEPTH) return
  if (typeof schema.$ref === 'string') check(referred(place.root, schema.$ref), value, deeper(place))
  checkType(schema, value, place)
  checkChoice(schema, value, place)
  if (typeof value === 'number') checkNumber(schema, value, place)
  if (typeof value === 'string') checkText(schema, value, place)
  if (Array.isArray(value)) checkList(schema, value, place)
  else if (isObject(value)) checkObject(schema, value, place)
}

function checkType({ type, nullable }: JsonSchema, value: unknown, { path, tell }: Place) {
  if (type === undefined || (nullable === true && value === null)) return
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  if (!types.some((one) => isOfType(one, value))) tell(path, `must be of the type ${types.join(' or ')}`)
}

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function checkChoice(schema: JsonSchema, value: unknown, place: Place) {
  const { path, tell } = place
  if ('const' in schema && !isSame(schema.const, value)) tell(path, `must be ${JSON.stringify(schema.const)}`)
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => isSame(one, value)))
    tell(path, `must be one of ${JSON.stringify(schema.enum)}`)
  const fits = (one: unknown) => isFitting(one, value, place)
  for (const all of listOf(schema.allOf)) check(all, value, deeper(place))
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some(fits)) tell(path, 'fits none of what it may be')
  if (Array.isArray(schema.oneOf) && schema.oneOf.filter(fits).length !== 1)
    tell(path, 'must fit exactly one of what it may be')
  if (schema.not !== undefined && fits(schema.not)) tell(path, 'is what it must not be')
}

function isFitting(schema: unknown, value: unknown, place: Place): boolean {
  let fits = true
  check(schema, value, { ...deeper(place), tell: () => void (fits = false) })
  return fits
}

function checkNumber(schema: JsonSchema, value: number, { path, tell }: Place) {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (typeof minimum === 'number' && value < minimum) tell(path, `must be at least ${minimum}`)
  if (typeof maximum === 'number' && value > maximum) tell(path, `must be at most ${maximum}`)
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    tell(path, `must be above ${exclusiveMinimum}`)
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    tell(path, `must be below ${exclusiveMaximum}`)
  if (typeof multipleOf === 'number' && Math.abs(value / multipleOf - Math.round(value / multipleOf)) > 1e-9)
    tell(path, `must be a multiple of ${multipleOf}`)
}

function checkText(schema: JsonSchema, value: string, { path, tell }: Place) {
  const { minLength, maxLength, pattern } = schema
  const length = [...value].length
  if (typeof minLength === 'number' && length < minLength)
    tell(path, `must have at least ${minLength} characters`)
  if (typeof maxLength === 'number' && length > maxLength)
    tell(path, `must have at most ${maxLength} characters`)
  if (typeof pattern === 'string' && !isMatching(pattern, value)) tell(path, `must match ${pattern}`)
}

function checkList(schema: JsonSchema, value: readonly unknown[], place: Place) {
  const { path, tell } = place
  const { minItems, maxItems, uniqueItems, items, prefixItems } = schema
  if (typeof minItems === 'number' && value.length < minItems)
    tell(path, `must have at least ${minItems} items`)
  if (typeof maxItems === 'number' && value.length > maxItems)
    tell(path, `must have at most ${maxItems} items`)
  if (uniqueItems === true && new Set(value.map((one) => JSON.stringify(one))).size < value.length)
    tell(path, 'must have no item twice')
  const first = listOf(prefixItems ?? (Array.isArray(items) ? items : undefined))
  for (const [index, item] of value.entries()) {
    const own = index < first.length ? first[index] : Array.isArray(items) ? schema.additionalItems : items
    if (own !== undefined) check(own, item, deeper(place, `${path}[${index}]`))
  }
}

function checkObject(schema: JsonSchema, value: JsonSchema, place: Place) {
  const { path, tell } = place
  const properties = isObject(schema.properties) ? schema.properties : {}
  const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : []
  for (const name of listOf(schema.required))
    if (typeof name === 'string' && !hasOwn(value, name)) tell(nameIn(path, name), 'is missing')
  for (const [name, field] of Object.entries(value)) {
    const within = deeper(place, nameIn(path, name))
    const own = [
      ...(hasOwn(properties, name) ? [properties[name]] : []),
      ...patterns.filter(([pattern]) => isMatching(pattern, name)).map(([, one]) => one),
    ]
    for (const one of own.length > 0 ? own : [schema.additionalProperties]) check(one, field, within)
  }
}

/** One that is no pattern forbids nothing. */
function isMatching(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return true
  }
}

const deeper = (place: Place, path = place.path): Place => ({ ...place, path, depth: place.depth + 1 })

const nameIn = (path: string, name: string) => (path ? `${path}.${name}` : name)

/** `#/$defs/name` and the like. */
function referred(root: JsonSchema, ref: string): unknown {
  if (!ref.startsWith('#')) return undefined
  const names = ref.slice(1).split('/').slice(1)
  return names
    .map((name) => decodeURIComponent(name).replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>((at, name) => (isObject(at) && hasOwn(at, name) ? at[name] : undefined), root)
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const hasOwn = (value: object, name: string) => Object.prototype.hasOwnProperty.call(value, name)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
