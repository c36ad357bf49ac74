import type { AppPage } from '../hosts/app/launch-app.js'
import { expectPicture } from './expect-picture.js'

/** A page of App against the kept picture, as soon as it is there to be seen. Mostly white, so less may differ. */
export async function expectAppPicture(app: AppPage, name: string) {
  await app.waitFor(
    () =>
      app.page.evaluate(async () => {
        const page = window.app.document()
        const frame = page.defaultView?.frameElement
        const styled = [...page.querySelectorAll('link')].every(
          ({ rel, sheet }) => rel !== 'stylesheet' || sheet !== null,
        )
        await page.fonts.ready
        await new Promise(requestAnimationFrame)
        return styled && !!frame && getComputedStyle(frame).visibility === 'visible'
      }),
    { what: 'the page to be seen' },
  )
  await expectPicture(app.page, name, 0.01)
}
