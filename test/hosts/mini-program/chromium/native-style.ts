/** A little of how the vendor's built-in components look, enough for layout and screenshots. */
export const NATIVE_STYLE = `
html, body { margin: 0; font: 16px/1.4 sans-serif; }
.mp-page { min-height: 100vh; }
mp-root, view, scroll-view, swiper, swiper-item, cover-view, navigator, rich-text { display: block; }
text { white-space: pre-line; }
scroll-view { overflow: hidden; }
scroll-view[scroll-y] { overflow-y: auto; }
scroll-view[scroll-x] { overflow-x: auto; }
image { display: inline-block; width: 320px; height: 240px; }
input, textarea { box-sizing: border-box; width: 100%; border: 0; outline: 0; background: none; font: inherit; }
button { display: block; box-sizing: border-box; width: 100%; padding: 0 14px; border: 1px solid #0002;
  border-radius: 5px; background: #f8f8f8; color: #000; font: 18px/2.5 sans-serif; }
button[type=primary] { background: #1aad19; color: #fff; }
button[size=mini] { display: inline-block; width: auto; font: 13px/2.3 sans-serif; }
`
