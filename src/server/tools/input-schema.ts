import { ChannelError } from '../../core/channel-error.js'
import { fieldsOf } from '../../vendors/fields.js'
import { schemaErrors, type JsonSchema } from './json-schema.js'

/**
 * A schema of a library, by the common interface of them: Zod, Valibot, ArkType.
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] }

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** An input that was looked at: as the tool takes it, or what is wrong with it, for the model. */
export type CheckedInput =
  | { readonly isValid: true; readonly input: unknown }
  | { readonly isValid: false; readonly errorText: string }

/** What a tool takes: for a model as JSON Schema, and as a check of what the model gave. */
export interface InputSchema {
  /** What a model is told. */
  readonly parameters: JsonSchema
  check(input: unknown): Promise<CheckedInput>
}

/**
 * @param parameters what a model is told, where the schema can't say it itself
 * @throws {ChannelError} BAD_OPTIONS
 */
export function inputSchema(
  name: string,
  schema: StandardSchema | JsonSchema,
  parameters?: JsonSchema,
): InputSchema {
  if (isStandard(schema)) {
    const told = parameters ?? jsonSchemaOf(schema)
    if (!told) throw missing(name)
    return { parameters: told, check: (input) => byStandard(schema, input) }
  }
  if ('safeParse' in schema && typeof schema.safeParse === 'function') {
    const parse = schema.safeParse.bind(schema) as (input: unknown) => unknown
    if (!parameters) throw missing(name)
    return { parameters, check: async (input) => byParser(parse, input) }
  }
  return { parameters: parameters ?? schema, check: async (input) => byJsonSchema(schema, input) }
}

const isStandard = (schema: object): schema is StandardSchema => '~standard' in schema

const missing = (name: string) =>
  new ChannelError(
    'BAD_OPTIONS',
    `The schema of the tool ${JSON.stringify(name)} can't say what it is as JSON Schema. Pass that as parameters.`,
  )

/** What libraries have for it: the common interface, or a method of their own. */
function jsonSchemaOf(schema: StandardSchema): JsonSchema | undefined {
  const { input } = fieldsOf(fieldsOf(schema['~standard']).jsonSchema)
  const { toJSONSchema, toJsonSchema } = fieldsOf(schema)
  const given: unknown =
    typeof input === 'function'
      ? (input as (options: object) => unknown)({ target: 'draft-07' })
      : typeof (toJSONSchema ?? toJsonSchema) === 'function'
        ? ((toJSONSchema ?? toJsonSchema) as () => unknown).call(schema)
        : undefined
  if (typeof given !== 'object' || given === null) return undefined
  // Nobody who reads it wants to know, and some endpoints refuse what they do not know.
  const { $schema: _version, '~standard': _interface, ...told } = given as Record<string, unknown>
  return told
}

async function byStandard(schema: StandardSchema, input: unknown): Promise<CheckedInput> {
  const result = await schema['~standard'].validate(input)
  if (result.issues) return refused(result.issues.map(wordsOf))
  return { isValid: true, input: result.value }
}

function wordsOf({ message, path = [] }: StandardIssue): string {
  const names = path.map((step) => String(typeof step === 'object' ? step.key : step))
  return names.length > 0 ? `${names.join('.')}: ${message}` : message
}

function byParser(parse: (input: unknown) => unknown, input: unknown): CheckedInput {
  const { success, data, error } = fieldsOf(parse(input))
  if (success === true) return { isValid: true, input: data }
  return refused([String(fieldsOf(error).message ?? 'It does not fit.')])
}

function byJsonSchema(schema: JsonSchema, input: unknown): CheckedInput {
  const errors = schemaErrors(schema, input)
  return errors.length > 0 ? refused(errors) : { isValid: true, input }
}

const refused = (reasons: readonly string[]): CheckedInput => ({
  isValid: false,
  errorText: `The input of this call is not valid. ${reasons.join(' ')}`,
})
