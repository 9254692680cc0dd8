// Random damage to bytes: one changed, some inserted, removed, repeated or cut off.
import fc from 'fast-check';

export type Damage = (bytes: Buffer) => Buffer;

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (bytes: Buffer, where: number) => Math.floor(where * bytes.length);
const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '1',
  'null',
  '"x"',
  '\n',
  '{"#set":',
  '\u0000',
  'é',
  '\ufeff',
  '9'.repeat(400),
];

export const randomDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(position, fc.nat(255)).map(
    ([where, byte]): Damage =>
      bytes => {
        const copy = Buffer.from(bytes);
        copy[at(bytes, where)] = byte;
        return copy;
      },
  ),
  fc.tuple(position, fc.constantFrom(...tokens)).map(
    ([where, token]): Damage =>
      bytes => {
        const i = at(bytes, where);
        return Buffer.concat([bytes.subarray(0, i), Buffer.from(token), bytes.subarray(i)]);
      },
  ),
  fc.tuple(position, fc.nat(50)).map(
    ([where, length]): Damage =>
      bytes => {
        const i = at(bytes, where);
        return Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + length)]);
      },
  ),
  fc.tuple(position, position, fc.nat(300)).map(
    ([from, to, length]): Damage =>
      bytes => {
        const [i, j] = [at(bytes, from), at(bytes, to)];
        return Buffer.concat([bytes.subarray(0, j), bytes.subarray(i, i + length), bytes.subarray(j)]);
      },
  ),
  position.map(
    (where): Damage =>
      bytes =>
        bytes.subarray(0, at(bytes, where)),
  ),
);
