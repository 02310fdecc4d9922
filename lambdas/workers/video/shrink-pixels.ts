import type { Pixels } from '../../adapters/media/image-codec.ts';

/** The size that fits into a square of `maxSide`, with the same proportions; never larger, and never less than a pixel. */
export function fittingSize(
  { width, height }: Pick<Pixels, 'width' | 'height'>,
  maxSide: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The image in a smaller size: each new pixel is the mean of the area that it covers, with what lies on the edge counted by
 * its share, and what is transparent by its opacity (area averaging). It takes no memory but that of the result and of one
 * row, where libraries hold the whole image again in floating point.
 * @throws RangeError for a larger size
 */
export function shrinkPixels(source: Pixels, width: number, height: number): Pixels {
  if (width > source.width || height > source.height || width < 1 || height < 1) {
    throw new RangeError(`${source.width} × ${source.height} pixels cannot shrink to ${width} × ${height}`);
  }
  const data = new Uint8ClampedArray(width * height * 4);
  // Red, green and blue, each times opacity, then opacity: sums over one row of new pixels.
  const sums = new Float64Array(width * 4);
  const xScale = source.width / width;
  const yScale = source.height / height;
  for (let y = 0; y < height; y += 1) {
    sums.fill(0);
    const top = y * yScale;
    const bottom = Math.min(source.height, (y + 1) * yScale);
    for (let row = Math.floor(top); row < bottom; row += 1) {
      const share = Math.min(row + 1, bottom) - Math.max(row, top);
      addRow(source, row, share, xScale, sums);
    }
    writeRow(sums, xScale * (bottom - top), data, y * width * 4);
  }
  return { data, width, height };
}

/** Adds one row of old pixels to the sums of the new ones, each to those that it lies in. */
function addRow({ data, width }: Pixels, row: number, share: number, xScale: number, sums: Float64Array): void {
  let at = row * width * 4;
  const last = sums.length / 4 - 1;
  for (let column = 0; column < width; column += 1, at += 4) {
    const alpha = data[at + 3] ?? 0;
    const first = Math.min(last, Math.floor(column / xScale));
    // Not wider than a new pixel, an old one lies in two of them at most.
    const edge = (first + 1) * xScale;
    const inFirst = first === last ? 1 : Math.min(1, Math.max(0, edge - column));
    add(sums, first * 4, data, at, alpha, share * inFirst);
    if (inFirst < 1) add(sums, (first + 1) * 4, data, at, alpha, share * (1 - inFirst));
  }
}

function add(
  sums: Float64Array,
  to: number,
  data: Uint8ClampedArray,
  from: number,
  alpha: number,
  weight: number,
): void {
  const opacity = alpha * weight;
  sums[to] = (sums[to] ?? 0) + (data[from] ?? 0) * opacity;
  sums[to + 1] = (sums[to + 1] ?? 0) + (data[from + 1] ?? 0) * opacity;
  sums[to + 2] = (sums[to + 2] ?? 0) + (data[from + 2] ?? 0) * opacity;
  sums[to + 3] = (sums[to + 3] ?? 0) + opacity;
}

function writeRow(sums: Float64Array, area: number, data: Uint8ClampedArray, at: number): void {
  for (let index = 0; index < sums.length; index += 4) {
    const opacity = sums[index + 3] ?? 0;
    if (opacity === 0) continue;
    // Stored values are clamped and rounded by the array.
    data[at + index] = (sums[index] ?? 0) / opacity;
    data[at + index + 1] = (sums[index + 1] ?? 0) / opacity;
    data[at + index + 2] = (sums[index + 2] ?? 0) / opacity;
    data[at + index + 3] = opacity / area;
  }
}
