// What every peer is told by its environment, and the tokens that it checks.
import { createVerifier } from 'fast-jwt';

export const port = Number(process.env.PORT);
export const database = process.env.DATABASE;
export const signingKey = Buffer.from(process.env.SIGNING_KEY, 'hex');
export const baseUrl = `http://127.0.0.1:${port}`;

// No cache: a token is checked whenever it comes, as Palaver does.
const verify = createVerifier({
  key: process.env.SECRET,
  algorithms: ['HS256'],
  requiredClaims: ['sub', 'exp'],
  cache: false,
});

/** The `sub` of "Bearer TOKEN"; throws when there is none, or it is not good. */
export function subjectOf(authorization) {
  if (!authorization?.startsWith('Bearer ')) throw new Error('A token is needed.');
  return verify(authorization.slice(7)).sub;
}
