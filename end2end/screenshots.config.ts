import { defineConfig } from '@playwright/test';
import base from './playwright.config';

/** Pictures of every page for people to look at; `make screenshots` makes them. */
export default defineConfig({ ...base, testDir: './photograph', timeout: 300_000 });
