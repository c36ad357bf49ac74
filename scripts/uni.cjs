const { requirePlatform } = require('./require-platform.cjs')

requirePlatform(process.argv.slice(2))
// uni-app wants its project root as an absolute path: it looks for `src/` otherwise.
process.env.UNI_INPUT_DIR = process.env.UNI_INPUT_DIR || process.cwd()
require('@dcloudio/vite-plugin-uni/bin/uni.js')
