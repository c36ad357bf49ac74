import type { Case } from './case.js'
import { connectionCases } from './connection-cases.js'
import { formatCases } from './format-cases.js'

export const cases: readonly Case[] = [...formatCases, ...connectionCases]
