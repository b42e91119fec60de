declare module 'bidi-js' {
  interface EmbeddingLevels {
    levels: Uint8Array
    paragraphs: { start: number; end: number; level: number }[]
  }
  interface Bidi {
    getEmbeddingLevels(text: string, baseDirection?: 'ltr' | 'rtl' | 'auto'): EmbeddingLevels
    /** By index, the mirror image of each bracket that stands in right-to-left text. */
    getMirroredCharactersMap(text: string, levels: Uint8Array): Map<number, string>
  }
  const bidiFactory: () => Bidi
  export default bidiFactory
}
