// Which of a picture's files is shown in a thread: the smallest that is sharp at the size that it has there.
import type { Attachment } from './upload';

/** Longer side of a thumbnail in pixels, unless the server's settings say otherwise. */
const THUMBNAIL = 320;
/** As wide as a message's pictures are at most, which is what a message has of a narrow window. */
const WIDTH = 'min(552px, 78vw)';

type Measured = Pick<Attachment, 'url' | 'thumbnailUrl' | 'width' | 'height'>;

/** Of a picture alone, width to height: neither a stripe nor a tower. */
export const shapeOf = ({ width, height }: Measured): number =>
  width && height ? Math.min(2.2, Math.max(0.75, width / height)) : 1;

/** Nothing to choose from without a thumbnail, or when nobody knows how large it is. */
export function sourcesOf(picture: Measured, index: number, count: number): { srcSet?: string; sizes?: string } {
  const { url, thumbnailUrl, width, height } = picture;
  if (!thumbnailUrl || !width || !height) return {};
  const small = Math.max(1, Math.round(width * Math.min(1, THUMBNAIL / Math.max(width, height))));
  if (small >= width) return {};
  const { share, shape } = placeOf(picture, index, count);
  // It covers its place, so one that is wider in shape is wider than it.
  const factor = share * Math.max(1, width / height / shape);
  return { srcSet: `${thumbnailUrl} ${small}w, ${url} ${width}w`, sizes: `calc(${WIDTH} * ${factor.toFixed(3)})` };
}

/** Which part of the width it has, and its place's width to height; as message-files.module.css lays them out. */
function placeOf(picture: Measured, index: number, count: number): { share: number; shape: number } {
  if (count === 1) return { share: 1, shape: shapeOf(picture) };
  if (count === 3 && index === 0) return { share: 1, shape: 2 };
  return { share: 1 / (count < 5 ? 2 : 3), shape: 1 };
}
