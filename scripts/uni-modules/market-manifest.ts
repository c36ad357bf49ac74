interface NpmManifest {
  readonly version: string
  readonly license: string
}

const yes = 'y'
const no = 'n'
/** Not tried. */
const unknown = 'u'

/** The package.json that DCloud's market reads: https://uniapp.dcloud.net.cn/plugin/uni_modules.html */
export function marketManifest({ version, license }: NpmManifest): object {
  return {
    id: 'uni-sse-channel',
    displayName: 'AI 流式对话：SSE 通道与打字机组件，断线、切后台不丢字',
    version,
    description: 'AI 回答在各端流式输出；切后台、断网、换页面，不丢字、不重复、不重复计费',
    keywords: ['SSE', '流式输出', 'AI对话', '打字机', 'markdown'],
    license,
    engines: { HBuilderX: '^3.8.0' },
    dcloudext: {
      type: 'component-vue',
      sale: { regular: { price: '0.00' }, sourcecode: { price: '0.00' } },
      contact: { qq: '' },
      declaration: { ads: '无', data: '插件不采集任何数据', permissions: '无' },
      npmurl: 'https://www.npmjs.com/package/uni-sse-channel',
    },
    uni_modules: {
      dependencies: [],
      encrypt: [],
      platforms: {
        cloud: { tcb: unknown, aliyun: yes, alipay: unknown },
        client: {
          Vue: { vue2: no, vue3: yes },
          App: { 'app-vue': yes, 'app-nvue': unknown, 'app-uvue': no, 'app-harmony': yes },
          'H5-mobile': {
            Safari: yes,
            'Android Browser': yes,
            '微信浏览器(Android)': yes,
            'QQ浏览器(Android)': unknown,
          },
          'H5-pc': { Chrome: yes, IE: no, Edge: yes, Firefox: yes, Safari: yes },
          小程序: {
            微信: yes,
            阿里: yes,
            百度: unknown,
            字节跳动: yes,
            QQ: unknown,
            钉钉: unknown,
            快手: unknown,
            飞书: unknown,
            京东: unknown,
          },
          快应用: { 华为: no, 联盟: no },
        },
      },
    },
  }
}
