// A menu of all examples; the one that is chosen gets a tab of its own, so that nothing that was written is lost.
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { examplesFor, type Example } from './examples';

export function MoreExamples({ authorization }: { authorization: string | null }) {
  const { addTab, setOperationName, stop, updateActiveTabValues } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const examples = examplesFor(authorization);

  const open = ({ name, query, variables }: Example): void => {
    // A subscription would go on and put its events into the new tab.
    stop();
    addTab();
    // The tab has its name at once; by the editors alone it would have that of the one before for a moment, and keep it.
    updateActiveTabValues({ query, variables });
    setOperationName(name);
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
  };

  return (
    <select
      aria-label="Open an example"
      value=""
      onChange={(event) => {
        const chosen = examples.find(({ name }) => name === event.target.value);
        if (chosen) open(chosen);
      }}
    >
      <option value="">Open an example …</option>
      {examples.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
