import './styles/tokens.css';
import './styles/base.css';
import './styles/fonts.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { App } from './app/App.tsx';
import { createBridge } from './bridge/index.ts';
import { applyAppearance, readAppearance } from './lib/appearance.ts';

// zod's compiled parsers need `new Function`, which the policy of the page forbids.
z.config({ jitless: true });
applyAppearance(readAppearance());

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App bridge={createBridge()} />
  </StrictMode>,
);
