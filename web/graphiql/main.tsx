// The page at /graphiql/: takes the token from the address, then shows GraphiQL with a tab for each of the first jobs.
import './workers';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './style.css';
import { GraphiQL } from 'graphiql';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { tabsFor } from './examples';
import { fetcherFor } from './fetcher';
import { Footer } from './footer';
import { activeTab, storage } from './storage';
import { authorizationHeaders, claimsOf, currentToken, onNewToken, takeTokenFromAddress } from './token';

takeTokenFromAddress();
// A link with another token, opened in this very tab, changes only the fragment: nothing loads unless we say so.
onNewToken(() => window.location.reload());

const token = currentToken();
const headers = authorizationHeaders(token);
// Several people in several browser tabs are told apart by their titles.
const name = token && claimsOf(token)?.name;
if (name) document.title = `${name} · ${document.title}`;

const fetcher = fetcherFor(headers);
const tabs = tabsFor(token);
const tab = activeTab() ?? tabs[0];

function Page() {
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultTabs={tabs}
      initialQuery={tab?.query ?? ''}
      initialVariables={tab?.variables ?? ''}
      defaultHeaders={headers && JSON.stringify(headers, null, 2)}
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      defaultEditorToolsVisibility="variables"
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>Palaver</GraphiQL.Logo>
      <GraphiQL.Footer>
        <Footer />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

const page = document.getElementById('page');
if (page) {
  createRoot(page).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
