// vite-plugin-uni loads this from every dependency with a `uni-app` field: no edit of vite.config is needed.
module.exports = require('./lib/vite/plugin.cjs')
