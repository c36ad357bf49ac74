import { describeFailureRows } from './describe-failure-rows.js'

describeFailureRows('h5')
