import { expect, type Page } from '@playwright/test';

/** Lookup data out of one environment and into another. */
export class LookupData {
  constructor(readonly page: Page) {}

  /** Presses the button of an environment; gives where the archive was saved. */
  async export(label: string, to: string): Promise<string> {
    await this.page.goto('/environments');
    const download = this.page.waitForEvent('download');
    await this.page.getByRole('link', { name: `Export lookup data of ${label}` }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^lookup data of .*\.zip$/);
    await file.saveAs(to);
    return to;
  }

  /** From the wizard to the form. */
  async open(from: string, to: string): Promise<void> {
    await this.page.goto('/promote');
    await this.page.getByRole('link', { name: new RegExp(`^${from}\\s*to\\s*${to}$`) }).click();
    await this.page.getByRole('link', { name: 'Import lookup data' }).click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(`Import lookup data into ${to}`);
  }

  async fill(version: string, notes: string, archive: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByLabel('Version').fill(version);
    await this.page.getByLabel('Notes').fill(notes);
    await this.page.getByLabel('Archive').setInputFiles(archive);
  }

  async send(): Promise<void> {
    await this.page.getByRole('button', { name: 'Import and preview' }).click();
  }
}
