export {
  createMath,
  type KatexLoader,
  type KatexModule,
  type MathOptions,
  type MathPlugin,
} from './math/create-math.js'
