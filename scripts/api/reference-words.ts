/** What a page of the reference says besides what the source says. */
export interface ReferenceWords {
  readonly intro: (module: string) => string
  readonly kinds: Readonly<Record<'function' | 'class' | 'value' | 'type', string>>
  readonly name: string
  readonly meaning: string
  readonly throws: string
  readonly see: string
  readonly example: string
  readonly parameter: string
  readonly others: string
  readonly othersIntro: string
  readonly props: string
  readonly events: string
  readonly slots: string
  readonly type: string
  readonly defaultsTo: string
  readonly required: string
  readonly componentIntro: (tag: string) => string
}

export const referenceWords: Readonly<Record<'en' | 'zh', ReferenceWords>> = {
  en: {
    intro: (module) =>
      `All that \`import … from '${module}'\` gives. Times are in milliseconds where the name ends in \`Ms\`, sizes in bytes where it ends in \`Bytes\`. This page is written from the source by \`npm run api\`.`,
    kinds: { function: 'Functions', class: 'Classes', value: 'Values', type: 'Types' },
    name: 'Name',
    meaning: 'Meaning',
    throws: 'Errors',
    see: 'See',
    example: 'Example',
    parameter: 'Parameter',
    others: 'Types used above',
    othersIntro: 'They have no name of their own in the package.',
    props: 'Props',
    events: 'Events',
    slots: 'Slots',
    type: 'Type',
    defaultsTo: 'Default',
    required: 'Required.',
    componentIntro: (tag) =>
      `What \`<${tag}>\` takes, tells and lets you fill in. This page is written from the source by \`npm run api\`.`,
  },
  zh: {
    intro: (module) =>
      `\`import … from '${module}'\` 能引入的全部内容。名字以 \`Ms\` 结尾的是毫秒，以 \`Bytes\` 结尾的是字节。本页由 \`npm run api\` 从源代码生成，说明就是源代码里的英文注释。`,
    kinds: { function: '函数', class: '类', value: '值', type: '类型' },
    name: '名称',
    meaning: '含义',
    throws: '错误',
    see: '参见',
    example: '示例',
    parameter: '参数',
    others: '上面用到的类型',
    othersIntro: '这些类型没有单独导出。',
    props: '属性',
    events: '事件',
    slots: '插槽',
    type: '类型',
    defaultsTo: '默认值',
    required: '必填。',
    componentIntro: (tag) =>
      `\`<${tag}>\` 接收什么、通知什么、哪些地方可以替换。本页由 \`npm run api\` 从源代码生成，说明就是源代码里的英文注释。`,
  },
}
