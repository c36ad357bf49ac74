/** Writes the view scripts of Alipay, which export as modules do, from those of WeChat. */
import { writeFileSync } from 'node:fs'
import { sjsOf, viewScripts } from './view-script-files.js'

for (const { sjs, source } of viewScripts()) writeFileSync(sjs, sjsOf(source))
