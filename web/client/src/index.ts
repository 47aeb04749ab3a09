// The client library of Palaver.
export { createPalaver, type Palaver, type PalaverOptions } from './palaver.js';
export type { ResetListener } from './resets.js';
export {
  PalaverError,
  type ExecutionResult,
  type GetToken,
  type GraphQLProblem,
  type Request,
  type Reset,
  type Sink,
  type Status,
  type TokenReason,
} from './types.js';
