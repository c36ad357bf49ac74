import { createHash } from 'node:crypto'

export interface Script<Key extends string = string, Arg extends string = string> {
  readonly source: string
  /** What EVALSHA knows it by. */
  readonly sha: string
  readonly does: ScriptSpec<Key, Arg>['does']
  readonly keys: readonly Key[]
  readonly args: readonly Arg[]
}

export interface ScriptSpec<Key extends string, Arg extends string> {
  /**
   * What Redis may think of it when its memory is full: `writes` is refused before it begins, `frees` and `reads` are
   * not. A script without such a word could write half of what it means to.
   */
  readonly does: 'writes' | 'frees' | 'reads'
  /** Every key it touches, by the name its body uses. Those that come after them are `KEYS[MORE_KEYS]` and on. */
  readonly keys: readonly Key[]
  /** Likewise its arguments. What comes after them is `ARGV[MORE]` and on. */
  readonly args: readonly Arg[]
  readonly body: string
}

/** A call of a script: its keys and arguments by name. */
export interface ScriptCall<Key extends string, Arg extends string> {
  readonly keys: Readonly<Record<Key, string>>
  readonly args: Readonly<Record<Arg, string | number>>
  readonly moreKeys?: readonly string[]
  readonly more?: readonly string[]
}

const flags = { writes: '', frees: ' flags=allow-oom', reads: ' flags=no-writes' }

export function defineScript<Key extends string, Arg extends string>(
  spec: ScriptSpec<Key, Arg>,
): Script<Key, Arg> {
  const { does, keys, args, body } = spec
  const source = [
    `#!lua${flags[does]}`,
    ...keys.map((name, index) => `local ${name} = KEYS[${index + 1}]`),
    ...args.map((name, index) => `local ${name} = ARGV[${index + 1}]`),
    `local MORE_KEYS, MORE = ${keys.length + 1}, ${args.length + 1}`,
    body,
  ].join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex'), does, keys, args }
}

/** EVALSHA, or EVAL, as Redis takes it. */
export function commandOf<Key extends string, Arg extends string>(
  how: 'EVALSHA' | 'EVAL',
  script: Script<Key, Arg>,
  { keys, args, moreKeys = [], more = [] }: ScriptCall<Key, Arg>,
): string[] {
  return [
    how,
    how === 'EVAL' ? script.source : script.sha,
    String(script.keys.length + moreKeys.length),
    ...script.keys.map((name) => keys[name]),
    ...moreKeys,
    ...script.args.map((name) => String(args[name])),
    ...more,
  ]
}
