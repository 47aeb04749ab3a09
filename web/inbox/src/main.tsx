// The inbox at /: takes the token from the address, and shows conversations, threads and, in development, the demo market.
import './ui/tokens.css';
import './ui/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { beginIdentity } from './api/identity';
import { App } from './app/app';
import { beginPreferences } from './app/preferences';

beginPreferences();
beginIdentity();

const page = document.getElementById('page');
if (page) {
  createRoot(page).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
