/** A failure as the answer pane shows it: GraphiQL prints an error's stack as well, which would only be ours. */
export function problem(message: string): Error {
  const error = new Error(message.trim());
  delete error.stack;
  return error;
}
