import { defineConfig } from '@playwright/test';
import { server } from './server';

const chromium = process.env.LOCKSTEP_CHROMIUM ?? server.chromium;

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // One console, one promotion at a time into each environment: the order of the files is the order of the story.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: server.url,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: server.command,
    cwd: server.top,
    url: `${server.url}/readyz`,
    timeout: 180_000,
    env: server.env,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 30_000 },
    stdout: 'pipe',
  },
});
