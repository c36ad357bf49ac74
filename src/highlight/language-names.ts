/** Names of one language, as models write them behind a fence. */
const groups = [
  'javascript js jsx mjs cjs node',
  'typescript ts tsx mts cts',
  'python py python3 py3',
  'bash sh shell zsh console shellsession',
  'html xml xhtml svg vue wxml htm',
  'css wxss',
  'c h',
  'cpp c++ cc cxx hpp',
  'csharp cs c#',
  'go golang',
  'rust rs',
  'java jav',
  'kotlin kt kts',
  'ruby rb',
  'swift swiftui',
  'objectivec objective-c objc',
  'php php8',
  'yaml yml',
  'json json5 jsonc',
  'markdown md',
  'sql mysql postgresql postgres pgsql sqlite',
  'dockerfile docker',
  'makefile make mk',
  'powershell ps1 pwsh',
  'diff patch',
  'ini toml conf',
  'plaintext text txt plain',
].map((group) => group.split(' '))

/** The name among those of `known` that is the same language as `name`, in any case; `undefined` without one. */
export function languageAmong(known: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const lower = name.toLowerCase()
  const has = (one: string) => Object.prototype.hasOwnProperty.call(known, one)
  if (has(lower)) return lower
  return groups.find((group) => group.includes(lower))?.find(has)
}
