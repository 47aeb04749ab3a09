// Monaco's background workers, as files of our own.
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

function workerFor(label: string): Worker {
  if (label === 'graphql') return new GraphqlWorker();
  if (label === 'json') return new JsonWorker();
  return new EditorWorker();
}

Object.assign(globalThis, { MonacoEnvironment: { getWorker: (_id: string, label: string) => workerFor(label) } });
