import { describeFailureRows } from './describe-failure-rows.js'

describeFailureRows('app')
