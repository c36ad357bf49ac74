/** The object's own field: a client may ask for one that is called `constructor`. */
export const ownField = <T>(fields: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(fields, name) ? fields[name] : undefined
