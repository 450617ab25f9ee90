import { accessible, expect, signIn, test } from '../fixtures';
import { person, type Role } from '../people';

const PAGES: [Role, string][] = [
  ['admin', '/'],
  ['admin', '/promote'],
  ['lead', '/approvals'],
  ['auditor', '/history'],
  ['auditor', '/audit'],
  ['owner', '/people'],
  ['owner', '/environments'],
  ['owner', '/environments?tab=lookup'],
  ['admin', '/password'],
];

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1280, 360]) {
    test(`every page is accessible at ${width} px, ${theme}`, async ({ as }) => {
      for (const role of ['admin', 'lead', 'auditor', 'owner'] as const) {
        const page = await as(role);
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: theme });
        for (const path of PAGES.filter(([who]) => who === role).map(([, path]) => path)) {
          await page.goto(path);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await accessible(page);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          expect(wide, `${path} fits ${width} px`).toBeLessThanOrEqual(0);
        }
      }
    });
  }
}

test('every tab of a promotion is accessible', async ({ as }) => {
  const page = await as('auditor');
  await page.goto('/history');
  const path = await page.getByRole('row').nth(1).getByRole('link').first().getAttribute('href');
  for (const tab of ['summary', 'schema', 'lookup', 'sql', 'risks', 'readiness', 'approvals', 'run', 'activity']) {
    await page.goto(`${path}?tab=${tab}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await accessible(page);
  }
});

test.describe('what is refused', () => {
  test.use({ refusals: [401, 404] });

  test('a page that is not there says so and leads back', async ({ as }) => {
    const page = await as('admin');
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not found');
    await accessible(page);
  });

  test('signing in needs the right password and leads to where one wanted to go', async ({ anonymous: page }) => {
    await page.goto('/history');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await accessible(page);
    await page.getByLabel('E-mail').fill(person('auditor').email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await page.getByLabel('Password').fill(person('auditor').password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('History');
  });
});

test('an auditor is not offered to promote', async ({ as }) => {
  const page = await as('auditor');
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Promote Release' })).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('one signs in, reads and leaves', async ({ page }) => {
    await signIn(page, 'lead');
    await page.goto('/history');
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Release');
    await page.getByRole('link', { name: 'Schema' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Release');
  });
});
