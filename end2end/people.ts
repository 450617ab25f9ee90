import * as fs from 'node:fs';
import * as path from 'node:path';
import { server } from './server';

export type Role = 'admin' | 'lead' | 'auditor' | 'owner';

interface Person {
  role: Role;
  name: string;
  email: string;
  password: string;
}

/** One of the people whom the demo invented when it started. */
export function person(role: Role): Person {
  const people: Person[] = JSON.parse(fs.readFileSync(path.join(server.data, 'demo', 'people.json'), 'utf8'));
  const found = people.find((one) => one.role === role);
  if (!found) throw new Error(`the demo has no ${role}`);
  return found;
}
