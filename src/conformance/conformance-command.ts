import { parseCommand, USAGE } from './command-line.js'
import { LEVELS } from './conformance-case.js'
import { conformanceReport } from './conformance-report.js'
import { runConformance } from './run-conformance.js'

/** `uni-sse-channel conformance …`: prints what was found, and sets the exit code. @param args behind `conformance` */
export async function conformanceCommand(args: readonly string[]): Promise<void> {
  const command = parseCommand(args)
  if (command.kind === 'help') process.stdout.write(USAGE)
  else if (command.kind === 'wrong') {
    process.stderr.write(`${command.why}\n\n${USAGE}`)
    process.exitCode = 2
  } else {
    const result = await runConformance(command.options)
    process.stdout.write(
      command.print === 'json' ? `${JSON.stringify(result, null, 2)}\n` : conformanceReport(result),
    )
    const reached = result.level === undefined ? -1 : LEVELS.indexOf(result.level)
    process.exitCode = reached >= LEVELS.indexOf(command.level) ? 0 : 1
  }
}
