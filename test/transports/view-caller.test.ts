// The page's instance and its WebView are fakes: only a phone and the App host have them.
import { expect, it } from 'vitest'
import { viewCaller } from '../../src/index.js'

const openPage = () => {
  const scripts: string[] = []
  let view: { evalJS(script: string): void } | null = { evalJS: (script) => void scripts.push(script) }
  return {
    scripts,
    component: { $root: { $getAppWebview: () => view } },
    close: () => {
      view = null
    },
  }
}

it('calls a function in the WebView of the component, whatever is in the arguments', () => {
  const { scripts, component } = openPage()
  const given = ['"\\\'\n', '\u2028\u2029', '</script>', '__PAGE_ID__', '\ud800', 7, { a: [true, null] }]
  viewCaller(component)('$f.g', ...given)
  expect(scripts).toHaveLength(1)
  expect(scripts[0]).not.toMatch(/[\u2028\u2029]/)
  const heard: unknown[] = []
  new Function('$f', scripts[0] as string)({ g: (...args: unknown[]) => heard.push(...args) })
  expect(heard).toEqual(given)
})

it('is silent where the page has gone, or there is none', () => {
  const { scripts, component, close } = openPage()
  const call = viewCaller(component)
  close()
  call('f', 1)
  viewCaller(undefined)('f')
  viewCaller({})('f')
  expect(scripts).toEqual([])
})
