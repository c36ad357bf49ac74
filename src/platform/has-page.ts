/** Whether this realm has a page of any kind: a browser's document, or what a mini program or App shows. */
export const hasPage = (): boolean => typeof document === 'object' || typeof uni === 'object'
