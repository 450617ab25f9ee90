import * as fs from 'node:fs';
import * as path from 'node:path';
import { accessible, expect, signIn, test } from '../fixtures';
import { LookupData } from '../pages/lookup-data';
import { person } from '../people';
import { lockstep, sql } from '../server';

const FOREIGN = { name: 'fees.zip', mimeType: 'application/zip', buffer: Buffer.from('id,name\n1,low\n') };
const EDITED = "UPDATE fee_items SET amount = amount + 1 WHERE code = 'monthly'";

/** A file that is a little larger than what is taken; it has no content on the disk. */
function large(file: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '');
  fs.truncateSync(file, 80 * 1024 * 1024);
  return file;
}

test.describe('lookup data in files', () => {
  test.use({ refusals: [422] });

  test('what the button exports is what the command line imports', async ({ as }, info) => {
    const data = new LookupData(await as('owner'));
    const archive = await data.export('Development', info.outputPath('development.zip'));
    lockstep(['data', 'compare', 'development', archive]);
    const { email, password } = person('admin');
    const said = lockstep(['data', 'import', archive, 'development', '--release', 'by command', '--as', email], password);
    expect(said).toContain('nothing to do');
  });

  test('a file becomes a release and leads to its preview', async ({ as }, info) => {
    const archive = await new LookupData(await as('owner')).export('Development', info.outputPath('development.zip'));
    const admin = await as('admin');
    const data = new LookupData(admin);
    sql('test', EDITED);
    await data.open('Development', 'Test');
    await data.fill('fees by hand', 'Sent by the bank', large(info.outputPath('large.zip')));
    await data.send();
    await expect(admin.getByRole('alert')).toContainText('The file is larger than 64 MB.');
    await data.fill('fees by hand', 'Sent by the bank', FOREIGN);
    await data.send();
    await expect(admin.getByRole('alert')).toContainText('The file is no archive of lookup data.');
    await expect(admin.getByLabel('Version'), 'what was typed stays').toHaveValue('fees by hand');
    await expect(admin.getByLabel('Notes')).toHaveValue('Sent by the bank');
    await accessible(admin);
    await admin.getByLabel('Archive').setInputFiles(archive);
    await data.send();
    await expect(admin.getByRole('heading', { level: 1 })).toHaveText('Release fees by hand into Test');
    await expect(admin.getByText('Frozen from a file from').first()).toBeVisible();
    await accessible(admin);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`the form is accessible, ${theme}`, async ({ as }) => {
      const admin = await as('admin');
      await admin.emulateMedia({ colorScheme: theme });
      const data = new LookupData(admin);
      await data.open('Development', 'Test');
      for (const width of [1280, 360]) {
        await admin.setViewportSize({ width, height: 900 });
        await accessible(admin);
        const wide = await admin.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, `it fits ${width} px`).toBeLessThanOrEqual(0);
      }
    });
  }
});

test.describe('lookup data in files, without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a file is refused and taken, and what was typed stays', async ({ page }, info) => {
    await signIn(page, 'owner');
    const data = new LookupData(page);
    const archive = await data.export('Development', info.outputPath('development.zip'));
    await data.open('Development', 'Test');
    await data.fill('no script', 'Line one\nand "two" & <three>', FOREIGN);
    await data.send();
    await expect(page.getByRole('alert')).toContainText('The file is no archive of lookup data.');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Import lookup data into Test');
    await expect(page.getByLabel('Version')).toHaveValue('no script');
    await expect(page.getByLabel('Notes')).toHaveValue('Line one\nand "two" & <three>');
    await page.getByLabel('Archive').setInputFiles(archive);
    await data.send();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Release no script into Test');
  });

  test('a file that is too large is told so by the console itself', async ({ page }, info) => {
    await signIn(page, 'admin');
    const data = new LookupData(page);
    await data.open('Development', 'Test');
    await data.fill('large', '', large(info.outputPath('large.zip')));
    await data.send();
    await expect(page.getByRole('alert')).toContainText('The file is larger than 64 MB.');
    await expect(page.getByLabel('Version')).toHaveValue('large');
  });
});
