import { readFileSync } from 'node:fs'
import { join, posix, relative, sep } from 'node:path'
import { TmplGroup } from 'glass-easel-template-compiler'
import { listFiles } from '../list-files.js'
import type { AppConfig, ComponentConfig, MiniProgramPackage } from './mini-program-package.js'
import { type MiniProgramPlatformName, platformFiles, toWeixinTemplate } from './platform-files.js'
import { readStyle } from './read-style.js'

/**
 * Reads a compiled mini program, such as `dist/build/mp-weixin`, and compiles its templates.
 * @throws {Error} no `app.json`, or JSON that does not parse
 */
export function readPackage(
  folder: string,
  platform: MiniProgramPlatformName = 'weixin',
): MiniProgramPackage {
  const kinds = platformFiles[platform]
  const text = (path: string) => readFileSync(join(folder, path), 'utf8')
  const paths = listFiles(folder).map(({ path }) => relative(folder, path).split(sep).join('/'))
  const app = JSON.parse(text('app.json')) as AppConfig
  const configs: Record<string, ComponentConfig> = {}
  const modules: Record<string, string> = {}
  const warnings: string[] = []
  const templates = new TmplGroup()
  for (const path of paths) {
    const extension = posix.extname(path)
    const base = path.slice(0, -extension.length)
    if (extension === '.js') modules[path] = text(path)
    else if (extension === kinds.script)
      templates.addScript(base, kinds.translateScript?.(text(path)) ?? text(path))
    else if (extension === '.json' && paths.includes(base + kinds.template))
      configs[base] = JSON.parse(text(path)) as ComponentConfig
  }
  for (const path of paths.filter((one) => one.endsWith(kinds.template))) {
    const base = path.slice(0, -kinds.template.length)
    const used = new Set(Object.keys({ ...app.usingComponents, ...configs[base]?.usingComponents }))
    const template = toWeixinTemplate(text(path), kinds, used)
    warnings.push(...describe(base, templates.addTmpl(base, template)))
  }
  const components = Object.keys(configs).filter((path) => `${path}.js` in modules)
  const styled = ['app', ...components]
  const result: MiniProgramPackage = {
    app,
    pages: [
      ...app.pages,
      ...(app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => posix.join(root, page))),
    ],
    components,
    configs,
    modules,
    templates: templates.getTmplGenObjectGroups(),
    styles: Object.fromEntries(styled.map((path) => [path, readStyle(folder, path + kinds.style)])),
    warnings,
  }
  templates.free()
  return result
}

function describe(path: string, found: unknown): string[] {
  const list = Array.isArray(found) ? (found as unknown[]) : []
  return list.map(
    (warning) => `${path}: ${(warning as { message?: string }).message ?? JSON.stringify(warning)}`,
  )
}
