const { devDependencies } = require('../package.json')

/** What `-p` takes: the platforms whose compilers are installed here. */
const platforms = Object.keys(devDependencies)
  .map((name) => /^@dcloudio\/uni-(h5|mp-[a-z]+|app-plus|app-harmony)$/.exec(name)?.[1])
  .filter(Boolean)
  .map((name) => (name === 'app-plus' ? 'app' : name))
const also = ['app-plus', 'app-android', 'app-ios', 'h5:ssr']

/** Ends the process with one line where the arguments name a platform that nobody here can build for. */
exports.requirePlatform = (args) => {
  const at = args.findIndex((arg) => /^(-p|--platform)(=|$)/.test(arg))
  if (at < 0) return
  const name = args[at].includes('=') ? args[at].replace(/^[^=]*=/, '') : args[at + 1]
  if (platforms.includes(name) || also.includes(name)) return
  console.error(`${name ? `No platform ${name}` : 'Which platform'}? ${platforms.join(', ')}`)
  process.exit(1)
}
