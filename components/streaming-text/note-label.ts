/** A footnote's label where some signs mean something else. */
export const noteLabel = (label: string): string => label.replace(/[;| \u007f]/g, '_')
