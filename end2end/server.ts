import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const top = path.resolve(__dirname, '..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(top, 'target');
const port = process.env.LOCKSTEP_END2END_PORT ?? '3055';

function find(names: string[]): string | undefined {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (fs.existsSync(file)) return file;
    }
  }
  return undefined;
}

/** A demo of its own in a fresh folder: the tests promote, and nobody's data is touched. */
function dataFolder(): string {
  const given = process.env.LOCKSTEP_END2END_DATA;
  if (given) return given;
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-end2end-'));
  // The server runs as another user when we are root.
  fs.chmodSync(made, 0o711);
  process.env.LOCKSTEP_END2END_DATA = made;
  return made;
}

export const server = {
  top,
  url: `http://127.0.0.1:${port}`,
  binary: path.join(target, process.env.LOCKSTEP_PROFILE ?? 'debug', 'lockstep'),
  command: `"${path.join(target, process.env.LOCKSTEP_PROFILE ?? 'debug', 'lockstep')}" demo --addr 127.0.0.1:${port}`,
  chromium: find(['chromium', 'chromium-browser', 'google-chrome']),
  data: dataFolder(),
  env: {
    LOCKSTEP_DATA_DIR: dataFolder(),
    LOCKSTEP_SITE_ROOT: path.join(top, 'target', 'site'),
    LOCKSTEP_LOG: 'warn',
  },
};

/** Runs a script of the sample data against one environment, as an application or an operator would. */
export function sql(environment: string, script: string): void {
  const url = fs.readFileSync(path.join(server.data, 'demo', 'connections', environment), 'utf8').trim();
  execFileSync('psql', ['-v', 'ON_ERROR_STOP=1', '-q', '-d', url], { input: script });
}

/** The command line beside the console that serves; it must succeed. Gives what it says. */
export function lockstep(args: string[], password = ''): string {
  const env = { ...process.env, LOCKSTEP_DATA_DIR: path.join(server.data, 'demo'), LOCKSTEP_PASSWORD: password };
  const { status, stdout, stderr } = spawnSync(server.binary, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`lockstep ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout + stderr;
}

export function sample(name: string): string {
  return fs.readFileSync(path.join(top, 'src', 'engine', 'demo', name), 'utf8');
}
