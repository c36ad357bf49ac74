import { describeFailureRows } from './describe-failure-rows.js'

describeFailureRows('mp-weixin')
