import { AppError } from '../../shared/errors.ts'
import { createAside, type GivenUp } from './aside.ts'
import type { MeasuredPicture } from './aside-work.ts'

const reasons: Record<GivenUp, string> = {
  'too-long': 'This picture takes too long to read; crop it to the QR code and try again.',
  'too-large': 'This picture takes too much memory to read; crop it to the QR code and try again.',
  'too-deep': 'This picture is too intricate to read; crop it to the QR code and try again.',
  crowded: 'Too many pictures are being read at once; try again in a moment.'
}

const pictures = createAside({
  deadlineMs: 5_000,
  maxWaiting: 16,
  maxHeapMegabytes: 512,
  refuse: (why) => new AppError('picture-unreadable', reasons[why])
})

/** As `readQrPicture`, which a picture of somebody else's could keep busy for minutes. */
export function readTextsAside(image: Uint8Array): Promise<{ text: string }[]> {
  return pictures.run('readTexts', { image })
}

/** Also how well each of the first codes scans. */
export function measurePictureAside(image: Uint8Array, maxCodes: number): Promise<MeasuredPicture> {
  return pictures.run('measurePicture', { image, maxCodes })
}
