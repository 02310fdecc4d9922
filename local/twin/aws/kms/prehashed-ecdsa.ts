import { createECDH, type KeyObject } from 'node:crypto';

/** A short Weierstrass curve y² = x³ + ax + b over the integers modulo `p`; SEC 2, sections 2.4 to 2.6. `b` is not needed. */
interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  /** Order of the base point. */
  readonly n: bigint;
  readonly bytes: number;
}

const CURVES: Readonly<Record<string, Curve>> = {
  prime256v1: {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    a: -3n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bytes: 32,
  },
  secp256k1: {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
    a: 0n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    bytes: 32,
  },
  secp384r1: {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    a: -3n,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
  },
  secp521r1: {
    p: (1n << 521n) - 1n,
    a: -3n,
    n: (((1n << 261n) - 1n) << 260n) | 0xa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
  },
};

/** A point in Jacobian coordinates (x/z², y/z³); z = 0 is the point at infinity. */
type Point = readonly [x: bigint, y: bigint, z: bigint];

/** Signs a digest, which node:crypto does only of whole messages. FIPS 186-5, section 6.4.1. Not constant in time: for tests at home. */
export function signDigest(key: KeyObject, digest: Buffer): Buffer {
  const { name, curve } = curveOf(key);
  const secret = fromBase64Url(key.export({ format: 'jwk' }).d);
  const z = numberOf(digest, curve);
  for (;;) {
    // A fresh key pair is what the algorithm wants of k and k·G.
    const ephemeral = createECDH(name);
    const point = ephemeral.generateKeys();
    const k = fromBytes(ephemeral.getPrivateKey());
    const r = fromBytes(point.subarray(1, 1 + curve.bytes)) % curve.n;
    const s = (inverse(k, curve.n) * (z + r * secret)) % curve.n;
    if (r !== 0n && s !== 0n) return encodeSignature(r, s);
  }
}

/** FIPS 186-5, section 6.4.2. */
export function verifyDigest(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const { name, curve } = curveOf(key);
  const decoded = decodeSignature(signature);
  if (!decoded) return false;
  const [r, s] = decoded;
  const isInRange = r > 0n && r < curve.n && s > 0n && s < curve.n;
  if (!isInRange) return false;
  const w = inverse(s, curve.n);
  const u1 = (numberOf(digest, curve) * w) % curve.n;
  const u2 = (r * w) % curve.n;
  const { x, y } = key.export({ format: 'jwk' });
  const base = createECDH(name);
  base.setPrivateKey(toBytes(1n, curve.bytes));
  const g = base.getPublicKey();
  const G: Point = [fromBytes(g.subarray(1, 1 + curve.bytes)), fromBytes(g.subarray(1 + curve.bytes)), 1n];
  const Q: Point = [fromBase64Url(x), fromBase64Url(y), 1n];
  const [sumX, , sumZ] = add(multiply(u1, G, curve), multiply(u2, Q, curve), curve);
  if (sumZ === 0n) return false;
  const zInverse = inverse(sumZ, curve.p);
  return modulo(sumX * zInverse * zInverse, curve.p) % curve.n === r;
}

function curveOf(key: KeyObject): { readonly name: string; readonly curve: Curve } {
  const name = key.asymmetricKeyDetails?.namedCurve ?? '';
  const curve = CURVES[name];
  if (!curve) throw new RangeError(`curve must be one of ${Object.keys(CURVES).join(', ')}, got ${name}`);
  return { name, curve };
}

/** The leftmost bits of a digest, as many as the order has. */
function numberOf(digest: Buffer, { n }: Curve): bigint {
  const excess = digest.length * 8 - n.toString(2).length;
  const value = fromBytes(digest);
  return excess > 0 ? value >> BigInt(excess) : value;
}

function multiply(factor: bigint, point: Point, curve: Curve): Point {
  let result: Point = [1n, 1n, 0n];
  for (const bit of factor.toString(2)) {
    result = double(result, curve);
    if (bit === '1') result = add(result, point, curve);
  }
  return result;
}

function double([x, y, z]: Point, { p, a }: Curve): Point {
  const yy = modulo(y * y, p);
  const s = modulo(4n * x * yy, p);
  const zz = modulo(z * z, p);
  const m = modulo(3n * x * x + a * zz * zz, p);
  const x3 = modulo(m * m - 2n * s, p);
  return [x3, modulo(m * (s - x3) - 8n * yy * yy, p), modulo(2n * y * z, p)];
}

function add(one: Point, two: Point, curve: Curve): Point {
  const { p } = curve;
  const [x1, y1, z1] = one;
  const [x2, y2, z2] = two;
  if (z1 === 0n) return two;
  if (z2 === 0n) return one;
  const zz1 = modulo(z1 * z1, p);
  const zz2 = modulo(z2 * z2, p);
  const u1 = modulo(x1 * zz2, p);
  const h = modulo(x2 * zz1 - u1, p);
  const s1 = modulo(y1 * zz2 * z2, p);
  const r = modulo(y2 * zz1 * z1 - s1, p);
  if (h === 0n) return r === 0n ? double(one, curve) : [1n, 1n, 0n];
  const hh = modulo(h * h, p);
  const hhh = modulo(h * hh, p);
  const v = modulo(u1 * hh, p);
  const x3 = modulo(r * r - hhh - 2n * v, p);
  return [x3, modulo(r * (v - x3) - s1 * hhh, p), modulo(h * z1 * z2, p)];
}

function modulo(value: bigint, p: bigint): bigint {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
}

/** By the extended Euclidean algorithm. */
function inverse(value: bigint, n: bigint): bigint {
  let [a, b, x, y] = [modulo(value, n), n, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return modulo(x, n);
}

/** DER: SEQUENCE { INTEGER r, INTEGER s }. */
function encodeSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([body.length < 128 ? Buffer.of(0x30, body.length) : Buffer.of(0x30, 0x81, body.length), body]);
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const signed = (bytes[0] ?? 0) >= 128 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, signed.length), signed]);
}

function decodeSignature(der: Buffer): readonly [bigint, bigint] | undefined {
  const start = der[1] === 0x81 ? 3 : 2;
  const rLength = der[start + 1] ?? 0;
  const sStart = start + 2 + rLength;
  const sLength = der[sStart + 1] ?? 0;
  const isWhole = der[0] === 0x30 && der[start] === 0x02 && der[sStart] === 0x02 && sStart + 2 + sLength === der.length;
  if (!isWhole || rLength === 0 || sLength === 0) return undefined;
  return [fromBytes(der.subarray(start + 2, sStart)), fromBytes(der.subarray(sStart + 2))];
}

function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

function fromBase64Url(text: string | undefined): bigint {
  return fromBytes(Buffer.from(text ?? '', 'base64url'));
}
