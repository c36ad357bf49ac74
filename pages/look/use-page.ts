import { onShow } from '@dcloudio/uni-app'
import { watch, type ComputedRef } from 'vue'
import { isDark } from '../app-settings'

/** Gives the platform's bar over a page its title and its colours. */
export function usePage(title: ComputedRef<string>): void {
  function tell() {
    void uni.setNavigationBarTitle({ title: title.value })
    const [frontColor, backgroundColor] = isDark.value ? ['#ffffff', '#101216'] : ['#000000', '#ffffff']
    uni.setNavigationBarColor({ frontColor, backgroundColor, fail: () => undefined })
    // #ifndef H5
    uni.setBackgroundColor({ backgroundColor: isDark.value ? '#0c0e12' : '#f4f5f8', fail: () => undefined })
    // #endif
  }
  onShow(tell)
  watch([title, isDark], tell)
}
