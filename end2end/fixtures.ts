import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { person, type Role } from './people';

/**
 * Tests get pages of people who are signed in; an error in a page's console fails the test that caused it. A browser also complains of
 * every answer that refuses: `refusals` names the statuses that a test asks for.
 */
export const test = base.extend<{ as: (role: Role) => Promise<Page>; anonymous: Page; refusals: number[] }>({
  refusals: [[], { option: true }],
  as: async ({ browser, refusals }, use) => {
    const contexts: BrowserContext[] = [];
    const complaints: string[] = [];
    await use(async (role) => {
      const context = await browser.newContext();
      contexts.push(context);
      const page = await context.newPage();
      listen(page, complaints, refusals);
      await signIn(page, role);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(complaints, 'the console stays silent').toEqual([]);
  },
  anonymous: async ({ browser, refusals }, use) => {
    const complaints: string[] = [];
    const context = await browser.newContext();
    const page = await context.newPage();
    listen(page, complaints, refusals);
    await use(page);
    await context.close();
    expect(complaints, 'the console stays silent').toEqual([]);
  },
});

export { expect };

function listen(page: Page, complaints: string[], refusals: number[]): void {
  page.on('console', (message) => {
    if (refusals.some((status) => message.text().includes(`responded with a status of ${status}`))) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
}

export async function signIn(page: Page, role: Role): Promise<void> {
  const { email, password } = person(role);
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in');
}

/** Nothing that axe knows of keeps anybody out. */
export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  const found = violations.map((violation) => `${violation.id}: ${violation.help}\n${violation.nodes.map((node) => node.html).join('\n')}`);
  expect(found, `axe on ${page.url()}`).toEqual([]);
}
