import { seededRandom } from '../../src/server/producers/seeded-random.js'

/** One line of the demo's timetable. */
export interface Train {
  readonly number: string
  readonly from: string
  readonly to: string
  readonly leaves: string
  readonly arrives: string
  /** Yuan, second class. */
  readonly price: number
}

export const trains: readonly Train[] = [
  { number: 'G1', from: '北京', to: '上海', leaves: '07:00', arrives: '11:29', price: 662 },
  { number: 'G2', from: '上海', to: '北京', leaves: '07:00', arrives: '11:36', price: 662 },
  { number: 'G79', from: '北京', to: '深圳', leaves: '10:00', arrives: '18:31', price: 936 },
  { number: 'G80', from: '深圳', to: '北京', leaves: '10:16', arrives: '18:50', price: 936 },
  { number: 'G6012', from: '深圳', to: '广州', leaves: '09:10', arrives: '09:46', price: 75 },
  { number: 'G6015', from: '广州', to: '深圳', leaves: '18:20', arrives: '18:56', price: 75 },
  { number: 'G7301', from: '上海', to: '杭州', leaves: '08:12', arrives: '09:05', price: 73 },
  { number: 'G7320', from: '杭州', to: '上海', leaves: '17:40', arrives: '18:36', price: 73 },
  { number: 'G8505', from: '成都', to: '重庆', leaves: '08:00', arrives: '09:14', price: 154 },
  { number: 'G8510', from: '重庆', to: '成都', leaves: '19:02', arrives: '20:20', price: 154 },
]

/** The train between two places, or to one. Where the timetable has none, one is put on. */
export function findTrain([first = '广州', second]: readonly string[]): Train {
  const isIt = ({ from, to }: Train) =>
    second === undefined ? to === first : from === first && to === second
  const found = trains.find(isIt)
  if (found) return found
  const [from, to] = second === undefined ? ['北京', first] : [first, second]
  const random = seededRandom(`${from} ${to}`)
  const hour = random.between(6, 12)
  const time = (at: number) => `${String(at).padStart(2, '0')}:${random.between(10, 59)}`
  return {
    number: `G${random.between(200, 999)}`,
    from,
    to,
    leaves: time(hour),
    arrives: time(hour + random.between(2, 8)),
    price: random.between(90, 900),
  }
}
