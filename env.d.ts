/// <reference types="vite/client" />
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
// What a view-layer script of a mini-program looks like to the types.
declare module '*.wxs.js' {}
declare module '*.sjs.js' {}
