import { warn, type Mistake } from './warn.js'

declare const process: { readonly env: { readonly NODE_ENV?: string } }

/**
 * In development, says that channels are in a store of their own, because they were asked for before the app had its
 * Pinia: what asks for them from now on sees none of them.
 */
export function inspectPinia(usedOwn: boolean, hasPinia: boolean): void {
  try {
    // Written out: this way bundlers leave the words out of what is built for production.
    if (process.env.NODE_ENV !== 'production') warn(() => (usedOwn && hasPinia ? lateOrNone : undefined))
  } catch {
    // A page without a bundler has no `process`.
  }
}

const lateOrNone: Mistake = {
  code: 'NO_PINIA',
  what: {
    zh: '通道在安装 Pinia 之前就用到了，它们在另一个 store 里：现在的 useChannelStore() 看不到它们，也停不了它们。',
    en: 'Channels were asked for before Pinia was installed, and are in another store: useChannelStore() sees none of them now, and cannot stop them.',
  },
  cure: {
    zh: '在 main.ts 里先 app.use(createPinia())，再 app.use(createSSEChannel(…))，之后才调用 useSSEChannel 和 useChannelStore。',
    en: 'In main.ts call app.use(createPinia()) first, then app.use(createSSEChannel(…)), and useSSEChannel or useChannelStore only after that.',
  },
}
