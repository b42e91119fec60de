import manifest from '../../../package.json' with { type: 'json' }

export const productName = manifest.productName
export const version = manifest.version
