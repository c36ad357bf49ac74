import type { Reporter, TestModule, TestSpecification } from 'vitest/node'

/** After each file: how many of all are done. What went wrong in them the default reporter tells. */
export class ProgressReporter implements Reporter {
  #all = 0
  #done = 0

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#all = specifications.length
    this.#done = 0
  }

  onTestModuleEnd(_module: TestModule): void {
    this.#done++
    console.log(`   ${this.#done} of ${this.#all} files`)
  }
}
