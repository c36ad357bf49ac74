import { seededRandom } from '../../src/server/producers/seeded-random.js'
import type { DemoTool } from './demo-tool.js'
import { findTrain, type Train } from './trains.js'
import { cities } from './weather.js'

type Booking = Train & { readonly seat: string; readonly reference: string }

const asked = /预订|预定|订(一张|张|个|票)|买.*票|\bbook\b|\breserve\b|\bticket/i

/** Takes a seat in a train. Costs money, so the user is asked. */
export const bookTrainTool: DemoTool<Train, Booking> = {
  name: 'bookTrain',
  title: { zh: '预订车票', en: 'Book a train' },
  asks: { zh: '预订会产生费用。', en: 'A booking costs money.' },
  plan(prompt, language) {
    if (!asked.test(prompt)) return undefined
    const train = findTrain(placesIn(prompt))
    // The user reads what is asked for before it is allowed.
    return language === 'zh' ? train : { ...train, from: english(train.from), to: english(train.to) }
  },
  thought: ({ number, from, to, price }) => ({
    zh: `${from}到${to}有 ${number} 次，二等座 ${price} 元。这要花钱，先问用户。`,
    en: `There is ${number} from ${english(from)} to ${english(to)} for ¥${price}. That costs money: I ask first.`,
  }),
  execute(train, { now }) {
    const random = seededRandom(`${train.number} ${now()}`)
    const seat = `${random.between(1, 8)}-${random.between(1, 17)}${random.pick(['A', 'C', 'D', 'F'])}`
    return { ...train, seat, reference: `E${random.between(10_000_000, 99_999_999)}` }
  },
  tell: ({ number, from, to, leaves, arrives, seat, reference, price }) => ({
    zh: `已经订好了。🎫\n\n| 车次 | 区间 | 时间 | 座位 | 票价 |\n| --- | --- | --- | --- | ---: |\n| ${number} | ${from} → ${to} | ${leaves} – ${arrives} | ${seat} | ¥${price} |\n\n订单号 \`${reference}\`。这是演示，不会真的扣款。\n`,
    en: `It is booked. 🎫\n\n| Train | Way | Time | Seat | Price |\n| --- | --- | --- | --- | ---: |\n| ${number} | ${english(from)} → ${english(to)} | ${leaves} – ${arrives} | ${seat} | ¥${price} |\n\nYour reference is \`${reference}\`. This is a demo: nothing is charged.\n`,
  }),
}

const english = (place: string) => cities.find(({ zh }) => zh === place)?.en ?? place

/** Names of cities in a text, in its order, in Chinese. */
function placesIn(text: string): readonly string[] {
  const said = text.toLowerCase()
  return cities
    .map(({ zh, en }) => ({ zh, at: Math.max(said.indexOf(zh), said.indexOf(en.toLowerCase())) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ zh }) => zh)
}
