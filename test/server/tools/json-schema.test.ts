import { describe, expect, it } from 'vitest'
import { schemaErrors, type JsonSchema } from '../../../src/server/tools/json-schema.js'

const person: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 3 },
    age: { type: 'integer', minimum: 0, exclusiveMaximum: 150 },
    kind: { enum: ['a', 'b', null] },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
    friend: { $ref: '#/$defs/friend' },
    id: {
      anyOf: [
        { type: 'string', pattern: '^x' },
        { type: 'number', multipleOf: 0.1 },
      ],
    },
    one: { oneOf: [{ type: 'number' }, { type: 'integer' }] },
    point: { prefixItems: [{ type: 'number' }, { const: 1 }], items: false },
    other: { type: ['string', 'null'], not: { const: 'no' } },
    map: { patternProperties: { '^n': { type: 'number' } }, additionalProperties: { type: 'string' } },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: {
    friend: {
      type: 'object',
      properties: { friend: { $ref: '#/$defs/friend' }, n: { allOf: [{ minimum: 2 }] } },
    },
  },
}

describe('a JSON Schema', () => {
  it.each([
    { name: '张👩三' },
    { name: 'x', age: 0, kind: null, tags: ['a'], id: 'xy', one: 1.5, point: [3, 1], other: null },
    { name: 'x', id: 0.3, friend: { friend: { friend: {} }, n: 2 }, map: { n1: 1, x: 'y' } },
  ])('lets through %j', (value) => {
    expect(schemaErrors(person, value)).toEqual([])
  })

  it.each([
    [null, 'The input must be of the type object'],
    [[], 'The input must be of the type object'],
    [{}, 'name is missing'],
    [{ name: '' }, 'at least 1'],
    [{ name: 'four' }, 'at most 3'],
    [{ name: 'x', age: 1.5 }, 'age must be of the type integer'],
    [{ name: 'x', age: -1 }, 'at least 0'],
    [{ name: 'x', age: 150 }, 'below 150'],
    [{ name: 'x', kind: 'c' }, 'kind must be one of'],
    [{ name: 'x', tags: [] }, 'at least 1'],
    [{ name: 'x', tags: ['a', 'a'] }, 'twice'],
    [{ name: 'x', tags: ['a', 1] }, 'tags[1] must be of the type string'],
    [{ name: 'x', friend: { friend: { friend: 1 } } }, 'friend.friend.friend must be of the type object'],
    [{ name: 'x', friend: { n: 1 } }, 'friend.n must be at least 2'],
    [{ name: 'x', id: 'y' }, 'id fits none'],
    [{ name: 'x', id: 0.35 }, 'id fits none'],
    [{ name: 'x', one: 1 }, 'exactly one'],
    [{ name: 'x', point: [1, 2] }, 'point[1] must be 1'],
    [{ name: 'x', point: [1, 1, 1] }, 'point[2] must not be there'],
    [{ name: 'x', other: 'no' }, 'other is what it must not be'],
    [{ name: 'x', map: { n1: 'y' } }, 'map.n1 must be of the type number'],
    [{ name: 'x', map: { x: 1 } }, 'map.x must be of the type string'],
    [{ name: 'x', more: 1 }, 'more must not be there'],
    [JSON.parse('{"name":"x","__proto__":1}'), '__proto__ must not be there'],
  ])('refuses %j', (value, reason) => {
    expect(schemaErrors(person, value).join(' ')).toContain(reason)
  })

  it('of nothing forbids nothing, and neither does a pattern that is none, or a schema that goes round', () => {
    expect(schemaErrors({}, { any: 'thing' })).toEqual([])
    expect(schemaErrors({ pattern: '(' }, 'x')).toEqual([])
    expect(schemaErrors({ $ref: '#' }, 'x')).toEqual([])
  })
})
