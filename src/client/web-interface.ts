interface Class {
  readonly prototype: object
}

/**
 * Makes a class look as the standard's interfaces do: members can be enumerated, constants can't be changed, and it
 * inherits from the realm's EventTarget where there is one.
 * @see https://webidl.spec.whatwg.org/#interface-object
 */
export function asWebInterface(
  target: Class,
  { name, constants }: { readonly name: string; readonly constants: Readonly<Record<string, number>> },
): void {
  const { prototype } = target
  for (const member of Object.getOwnPropertyNames(prototype))
    if (member !== 'constructor') Object.defineProperty(prototype, member, { enumerable: true })
  for (const constant of Object.keys(constants))
    for (const holder of [target, prototype])
      Object.defineProperty(holder, constant, { value: constants[constant], enumerable: true })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
  const parent = (globalThis as { EventTarget?: Class }).EventTarget
  if (!parent) return
  Object.setPrototypeOf(target, parent)
  Object.setPrototypeOf(prototype, parent.prototype)
}
