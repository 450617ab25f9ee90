import { accessible, expect, test } from '../fixtures';
import { Pipeline } from '../pages/pipeline';
import { Promotion } from '../pages/promotion';
import { Wizard } from '../pages/wizard';
import { sample, sql } from '../server';

const VERSION = '2.0.0';

test.describe.serial('a release on its way to production', () => {
  test('succeeds into test, watched from two windows', async ({ as }) => {
    const admin = await as('admin');
    await new Pipeline(admin).open();
    await admin.getByRole('link', { name: 'Promote Release', exact: true }).first().click();
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', VERSION);
    const path = await wizard.request();
    await expect(admin.getByRole('link', { name: 'Approve', exact: true }), 'nobody approves their own request').toHaveCount(0);

    const lead = await as('lead');
    await lead.goto('/approvals');
    await lead.getByRole('link', { name: VERSION }).click();
    await new Promotion(lead, path).approve('test');

    const promotion = await new Promotion(admin, path).open();
    await promotion.run();
    await lead.goto(`${path}?tab=run`);
    await expect(promotion.result()).toContainText('Succeeded', { timeout: 90_000 });
    await expect(lead.getByText('Succeeded').first()).toBeVisible({ timeout: 90_000 });

    await admin.goto(`${path}?tab=run`);
    const told = admin.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    const here = await told.allInnerTexts();
    await lead.reload();
    const there = await lead.getByRole('region', { name: 'What happened' }).getByRole('listitem').allInnerTexts();
    expect(there.length).toBe(here.length);

    const pipeline = await new Pipeline(admin).open();
    await expect(pipeline.stage('Test')).toContainText(VERSION);
  });

  test('is rejected with a comment', async ({ as }) => {
    const admin = await as('admin');
    const wizard = new Wizard(admin);
    await wizard.take('Test', 'Production', VERSION);
    const path = await wizard.request();
    const lead = await as('lead');
    await (await new Promotion(lead, path).open()).reject('Not on a Friday.');
    await admin.goto(`${path}?tab=approvals`);
    await expect(admin.getByText('Not on a Friday.').first()).toBeVisible();
    await expect(admin.getByRole('link', { name: 'Start the run' })).toHaveCount(0);
  });

  test('does not run into a target that changed after the approval', async ({ as }) => {
    const path = await approved(as);
    sql('production', sample('stale.sql'));
    await ends(as, path, ['Failed, nothing was changed', 'changed']);
  });

  test('fails on rows that break its rules, and changes nothing', async ({ as }) => {
    const path = await approved(as);
    sql('production', sample('violate.sql'));
    await ends(as, path, ['Failed, nothing was changed']);
    sql('production', sample('mend.sql'));
  });

  test('reaches production at last, and the history tells it', async ({ as }) => {
    const path = await approved(as);
    await ends(as, path, ['Succeeded']);
    const auditor = await as('auditor');
    await auditor.goto('/history');
    await expect(auditor.getByRole('row').filter({ hasText: VERSION })).toHaveCount(5);
    await auditor.goto('/audit?verify=1');
    await expect(auditor.getByRole('status')).toBeVisible();
    const download = auditor.waitForEvent('download');
    await auditor.goto(path);
    await auditor.getByRole('link', { name: 'Download the evidence' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.json$/);
  });

  test('keeps the values of a column that was only renamed', async ({ as }) => {
    sql('development', 'ALTER TABLE merchants RENAME support_email TO contact_email');
    const admin = await as('admin');
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', '2.1.0');
    await expect(wizard.losses()).toHaveCount(1);
    await wizard.renamed('In merchants, support_email is now called contact_email');
    await expect(wizard.losses()).toHaveCount(0);
    const path = await wizard.request();
    await new Promotion(await as('lead'), path).open().then((promotion) => promotion.approve('test'));
    await ends(as, path, ['Succeeded']);
    sql('test', "DO $$ BEGIN ASSERT (SELECT count(contact_email) FROM merchants) > 0; END $$");
  });

  test('asks whose row stays where the target was edited', async ({ as }) => {
    sql('test', "UPDATE fee_items SET amount = 77 WHERE code = 'monthly'");
    sql('development', "UPDATE fee_items SET amount = 11 WHERE code = 'monthly'; UPDATE fee_items SET amount = 26 WHERE code = 'chargeback'");
    const admin = await as('admin');
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', '2.2.0');
    await expect(admin.getByRole('heading', { name: 'fee_items: edited in Test' })).toBeVisible();
    await accessible(admin);
    await wizard.kept(/^What happens with /, 'Keep the row of Test');
    const path = await wizard.request();
    await new Promotion(await as('lead'), path).open().then((promotion) => promotion.approve('test'));
    await ends(as, path, ['Succeeded']);
    sql('test', "DO $$ BEGIN ASSERT (SELECT sum(amount) FROM fee_items WHERE code IN ('monthly', 'chargeback')) = 103; END $$");
    await admin.goto(`${path}?tab=lookup&table=${encodeURIComponent('"public"."fee_items"')}`);
    await admin.getByLabel('Search in the rows').fill('chargeb');
    await admin.getByRole('button', { name: 'Show' }).click();
    await admin.waitForURL(/search=chargeb/);
    await expect(admin.getByRole('row')).toHaveCount(2);
    await accessible(admin);
    const download = admin.waitForEvent('download');
    await admin.getByRole('link', { name: 'Download as CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/fee_items.*\.csv$/);
  });
});

test.describe('what was promoted', () => {
  test.use({ refusals: [422] });

  test('are taken back one by one', async ({ as }) => {
    const admin = await as('admin');
    await admin.goto('/history');
    await admin.getByRole('link', { name: /2\.2\.0/ }).first().click();
    await admin.getByRole('link', { name: 'Lookup data', exact: false }).click();
    await admin.getByRole('link', { name: 'Search, download or undo these rows of fee_items' }).click();
    await accessible(admin);
    await admin.getByLabel('Version').fill('2.2.0 undo');
    await admin.getByRole('button', { name: 'Preview the undo' }).click();
    await expect(admin.getByText('No row is chosen')).toBeVisible();
    await admin.getByLabel(/^Undo the row/).first().check();
    await admin.getByRole('button', { name: 'Preview the undo' }).click();
    await expect(admin.getByRole('heading', { name: 'Release 2.2.0 undo into Test' })).toBeVisible();
    const path = await new Wizard(admin).request();
    await (await new Promotion(await as('lead'), path).open()).approve('test');
    await ends(as, path, ['Succeeded']);
    sql('test', "DO $$ BEGIN ASSERT (SELECT amount FROM fee_items WHERE code = 'chargeback') <> 26; END $$");
  });

  test('is taken back as a whole, and the database says so', async ({ as }) => {
    const admin = await as('admin');
    sql('development', 'CREATE TABLE visits (id int PRIMARY KEY)');
    sql('test', "UPDATE fee_items SET amount = CASE code WHEN 'monthly' THEN 11 ELSE 26 END WHERE code IN ('monthly', 'chargeback')");
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', '2.3.0');
    const there = await wizard.request();
    await (await new Promotion(await as('lead'), there).open()).approve('test');
    await ends(as, there, ['Succeeded']);
    sql('test', 'INSERT INTO visits VALUES (7)');
    await admin.goto(`${there}?tab=now`);
    await expect(admin.getByText('The schema: exactly as approved.')).toBeVisible();
    await accessible(admin);
    await admin.getByRole('link', { name: 'Undo this promotion' }).click();
    await admin.getByLabel('Version').fill('2.3.0 undo');
    await accessible(admin);
    await admin.getByRole('button', { name: 'Preview the undo' }).click();
    await expect(admin.getByRole('heading', { name: 'Release 2.3.0 undo into Test' })).toBeVisible();
    await expect(admin.getByText('Written since 2.3.0, and gone with its undo: 1 row of public.visits.').first()).toBeVisible();
    const back = await wizard.request();
    await (await new Promotion(await as('lead'), back).open()).approve('test');
    await ends(as, back, ['Succeeded']);
    sql('test', "DO $$ BEGIN ASSERT to_regclass('visits') IS NULL; END $$");
    await admin.goto(there);
    await expect(admin.getByText('Taken back')).toBeVisible();
  });

  test('goes back to the backup from before it, and newer rows are asked about', async ({ as }) => {
    const admin = await as('admin');
    sql('development', 'CREATE TABLE calls (id int PRIMARY KEY)');
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', '2.4.0');
    const there = await wizard.request();
    await (await new Promotion(await as('lead'), there).open()).approve('test');
    await ends(as, there, ['Succeeded']);
    sql('test', 'INSERT INTO calls VALUES (7), (8)');
    await admin.goto(there);
    await admin.getByRole('link', { name: 'Restore the backup' }).click();
    await admin.getByLabel('Version').fill('2.4.0 restored');
    await accessible(admin);
    await admin.getByRole('button', { name: 'Preview the restore' }).click();
    await expect(admin.getByRole('heading', { name: 'Release 2.4.0 restored into Test' })).toBeVisible();
    const calls = admin.getByRole('row').filter({ has: admin.getByRole('rowheader', { name: 'public.calls' }) });
    await expect(calls).toContainText('no table');
    await accessible(admin);
    await admin.getByRole('button', { name: 'Request approval' }).click();
    await expect(admin.getByText('A loss is not confirmed.')).toBeVisible();
    await expect(admin.getByText('2 rows of public.calls are lost: the backup has no such table.').first()).toBeVisible();
    const back = await wizard.request();
    await (await new Promotion(await as('lead'), back).open()).approve('test');
    await ends(as, back, ['Succeeded']);
    sql('test', "DO $$ BEGIN ASSERT to_regclass('calls') IS NULL; END $$");
    await admin.goto(there);
    await expect(admin.getByText('Taken back')).toBeVisible();
  });
});

test.describe('a run', () => {
  test.use({ refusals: [502] });

  test('is watched to its end although the stream is cut again and again', async ({ as }) => {
    sql('development', 'CREATE TABLE cuts (id int PRIMARY KEY)');
    const admin = await as('admin');
    const wizard = new Wizard(admin);
    await wizard.freeze('Development', 'Test', '2.5.0');
    const path = await wizard.request();
    await (await new Promotion(await as('lead'), path).open()).approve('test');
    // Nothing, half a line, the error of a proxy; then the console itself.
    const cuts = [
      { status: 200, body: '' },
      { status: 200, body: '{"seq":1,"at":"20' },
      { status: 502, body: 'Bad gateway' },
    ];
    let asked = 0;
    await admin.route('**/api/run-stream', async (route) => {
      const cut = cuts[asked++];
      if (cut) await route.fulfill({ ...cut, contentType: 'application/octet-stream' });
      else await route.continue();
    });
    const promotion = await new Promotion(admin, path).open();
    await promotion.run();
    await expect(promotion.result()).toContainText('Succeeded', { timeout: 90_000 });
    expect(asked).toBeGreaterThan(cuts.length);
    const told = await admin.getByRole('region', { name: 'What happened' }).getByRole('listitem').allInnerTexts();
    await admin.unroute('**/api/run-stream');
    await admin.goto(`${path}?tab=run`);
    await expect(admin.getByRole('region', { name: 'Run', exact: true })).toBeVisible();
    expect(await admin.getByRole('region', { name: 'What happened' }).getByRole('listitem').allInnerTexts()).toEqual(told);
  });
});

type As = (role: 'admin' | 'lead') => Promise<import('@playwright/test').Page>;

/** The release, requested into production by the admin and approved by the lead. */
async function approved(as: As): Promise<string> {
  const admin = await as('admin');
  const wizard = new Wizard(admin);
  await wizard.take('Test', 'Production', VERSION);
  const path = await wizard.request();
  const lead = await as('lead');
  await (await new Promotion(lead, path).open()).approve('production');
  return path;
}

async function ends(as: As, path: string, words: string[]): Promise<void> {
  const admin = await as('admin');
  const promotion = await new Promotion(admin, path).open();
  await promotion.run();
  for (const word of words) await expect(promotion.result()).toContainText(word, { timeout: 90_000 });
}
