#!/usr/bin/env node
// npx uni-sse-channel create FOLDER, npx uni-sse-channel conformance ADDRESS
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { conformanceCommand } from '../conformance/conformance-command.js'
import { createProject } from './create-project.js'

const USAGE = `Usage:
  uni-sse-channel create FOLDER                a new app: a chat and its server
  uni-sse-channel conformance ADDRESS [options] holds a server against the protocol; --help tells more
`

/** The package is two folders up. */
const inPackage = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

function create([target, ...rest]: readonly string[]): void {
  if (target === undefined || target.startsWith('-') || rest.length > 0) return wrong('Give one folder.')
  const { version } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { version: string }
  try {
    createProject(target, { folder: inPackage('examples/start'), version })
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  process.stdout.write(`${target} is there. Go on with:

  cd ${target}
  npm install
  npm run server     # the API; a built-in model answers
  npm run dev:h5     # the page, in a second terminal
`)
}

function wrong(why: string): void {
  process.stderr.write(`${why}\n\n${USAGE}`)
  process.exitCode = 2
}

const [name, ...args] = process.argv.slice(2)
if (name === 'conformance') await conformanceCommand(args)
else if (name === 'create') create(args)
else if (name === undefined || name === '--help' || name === '-h') process.stdout.write(USAGE)
else wrong(`There is no command ${name}.`)
