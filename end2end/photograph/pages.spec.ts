import type { Page } from '@playwright/test';
import * as path from 'node:path';
import { expect, test } from '../fixtures';
import { LookupData } from '../pages/lookup-data';
import { Pipeline } from '../pages/pipeline';
import { Promotion } from '../pages/promotion';
import { Wizard } from '../pages/wizard';
import { sql } from '../server';

const folder = path.join(__dirname, '..', 'screenshots');

async function photograph(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const width of [1280, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}

async function tabs(page: Page, where: string, name: string, names: string[]): Promise<void> {
  for (const tab of names) {
    await page.goto(`${where}?tab=${tab}`);
    await photograph(page, `${name}-${tab}`);
  }
}

test.use({ refusals: [422] });

test('every page', async ({ as, anonymous }) => {
  await anonymous.goto('/sign-in');
  await photograph(anonymous, 'sign-in');
  const [admin, lead, owner] = [await as('admin'), await as('lead'), await as('owner')];
  await new Pipeline(admin).open();
  await photograph(admin, 'pipeline');
  await admin.goto('/promote');
  await photograph(admin, 'promote');
  await new LookupData(admin).open('Development', 'Test');
  await photograph(admin, 'import');
  await new LookupData(admin).fill('fees of November', 'By hand', { name: 'fees.csv', mimeType: 'text/csv', buffer: Buffer.from('id,name') });
  await new LookupData(admin).send();
  await expect(admin.getByRole('alert')).toBeVisible();
  await photograph(admin, 'import-refused');
  const wizard = new Wizard(admin);
  await wizard.freeze('Development', 'Test', '2.4.0');
  const draft = new URL(admin.url()).pathname;
  await tabs(admin, draft, 'preview', ['summary', 'schema', 'lookup', 'sql', 'risks', 'readiness']);
  await admin.goto(draft);
  const at = await wizard.request();
  await photograph(admin, 'promotion-waiting');
  await lead.goto('/approvals');
  await photograph(lead, 'approvals');
  await lead.goto(`${at}?confirm=approve`);
  await photograph(lead, 'approve');
  await lead.goto(at);
  await new Promotion(lead, at).approve('test');
  const promotion = await new Promotion(admin, at).open();
  await promotion.run();
  await expect(promotion.result()).toContainText('Succeeded', { timeout: 90_000 });
  await tabs(admin, at, 'promotion', ['run', 'approvals', 'activity', 'now']);
  await admin.goto(`${at}?confirm=undo`);
  await photograph(admin, 'undo');
  sql('test', "INSERT INTO countries VALUES ('ZZ', 'Nowhere'), ('ZY', 'Elsewhere')");
  await admin.goto(`${at}?confirm=restore`);
  await photograph(admin, 'restore');
  await admin.getByLabel('Version').fill('2.4.0 restored');
  await admin.getByRole('button', { name: 'Preview the restore' }).click();
  await expect(admin.getByRole('heading', { name: 'Release 2.4.0 restored into Test' })).toBeVisible();
  await photograph(admin, 'restore-preview');
  sql('test', "UPDATE fee_items SET amount = 77 WHERE code = 'monthly'; DELETE FROM fraud_rules WHERE code = 'velocity'");
  sql('development', "UPDATE fee_items SET amount = 11 WHERE code = 'monthly'; ALTER TABLE merchants RENAME support_email TO contact_email");
  await wizard.freeze('Development', 'Test', '2.5.0');
  await photograph(admin, 'questions');
  const rows = new URL(admin.url()).pathname;
  await admin.goto(`${rows}?tab=lookup&table=${encodeURIComponent('"public"."fee_items"')}&search=monthly`);
  await photograph(admin, 'rows');
  for (const page of ['history', 'audit', 'password']) {
    await admin.goto(`/${page}`);
    await photograph(admin, page);
  }
  for (const page of ['people', 'environments']) {
    await owner.goto(`/${page}`);
    await photograph(owner, page);
  }
  await owner.goto('/environments?tab=lookup');
  await owner.locator('.lookup-row__more summary').first().click();
  await photograph(owner, 'lookup-set');
  await new Pipeline(admin).open();
  await photograph(admin, 'pipeline-after');
});
