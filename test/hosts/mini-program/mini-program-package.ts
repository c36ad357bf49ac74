/** What a component's `.json` may say; only `usingComponents` matters to the host. */
export interface ComponentConfig {
  component?: boolean
  usingComponents?: Record<string, string>
  [key: string]: unknown
}

export interface AppConfig {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  usingComponents?: Record<string, string>
  networkTimeout?: { request?: number }
}

/** A compiled mini program as one plain, JSON-safe object. Paths have no leading slash. */
export interface MiniProgramPackage {
  app: AppConfig
  /** All pages, those of sub-packages included; the first is the start page. */
  pages: string[]
  /** Path without extension of everything that has a template, a script and a config: pages and components. */
  components: string[]
  configs: Record<string, ComponentConfig>
  /** Source text by path, `.js` included. */
  modules: Record<string, string>
  /** A JavaScript expression that gives the compiled templates by path. */
  templates: string
  /** CSS by component path, and `app`. */
  styles: Record<string, string>
  /** What the template compiler complained about. */
  warnings: string[]
}
