import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createHub } from '../../../src/server/hub/create-hub.js'
import { memoryLog } from '../../../src/server/log/memory/memory-log.js'
import { createMetrics } from '../../../src/server/operations/create-metrics.js'

interface Dashboard {
  readonly panels: readonly { readonly id: number; readonly targets: readonly { readonly expr: string }[] }[]
}

it('the dashboard shows every metric that there is, and no other', async () => {
  const file = new URL('../../../docs/public/grafana-dashboard.json', import.meta.url)
  const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard
  const shown = panels
    .flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/sse_\w+/g) ?? []))
    .map((name) => name.replace(/_bucket$/, ''))
  const log = memoryLog()
  const metrics = await createMetrics(createHub({ log }))
  const there = [...(await metrics.text()).matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1])
  metrics.close()
  await log.close()
  expect([...new Set(shown)].sort()).toEqual(there.sort())
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
})
