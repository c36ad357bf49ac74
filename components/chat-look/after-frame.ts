/** H5: a frame has been shown. What is done now holds up neither it nor what the reader did before it. */
export const afterFrame = () =>
  new Promise<void>((shown) => requestAnimationFrame(() => setTimeout(() => shown())))
