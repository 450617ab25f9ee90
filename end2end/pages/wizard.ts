import { expect, type Page } from '@playwright/test';

/** Promote Release: the way, the release, the preview, the request. */
export class Wizard {
  constructor(readonly page: Page) {}

  /** Freezes what is in `from` and leads to the preview into `to`. */
  async freeze(from: string, to: string, version: string): Promise<void> {
    await this.way(from, to);
    await this.page.getByLabel('Version').fill(version);
    await this.page.getByLabel('Notes').fill(`Release ${version}`);
    await this.page.getByRole('button', { name: 'Freeze and preview' }).click();
    await this.previewed(version, to);
  }

  /** Takes a release that exists. */
  async take(from: string, to: string, version: string): Promise<void> {
    await this.way(from, to);
    await this.page.getByRole('link', { name: `Preview release ${version}` }).click();
    await this.previewed(version, to);
  }

  private async way(from: string, to: string): Promise<void> {
    await this.page.goto('/promote');
    await this.page.getByRole('link', { name: new RegExp(`^${from}\\s*to\\s*${to}$`) }).click();
    await expect(this.page.getByRole('heading', { name: 'Which release?' })).toBeVisible();
  }

  private async previewed(version: string, to: string): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(`Release ${version} into ${to}`, { timeout: 60_000 });
  }

  /** Says what was only renamed, and previews again. */
  async renamed(question: string): Promise<void> {
    await this.page.getByRole('checkbox', { name: question }).check();
    await this.page.getByRole('button', { name: 'Preview with these answers' }).click();
    await this.page.waitForURL(/renamed=/);
    await expect(this.page.getByRole('checkbox', { name: question })).toBeChecked();
  }

  /** Says whose row stays, and previews again. */
  async kept(row: RegExp, answer: string): Promise<void> {
    await this.page.getByLabel(row).selectOption(answer);
    await this.page.getByRole('button', { name: 'Preview with these answers' }).click();
    await this.page.waitForURL(/kept=/);
    await expect(this.page.getByText('Stands in the way'), 'the new preview is here').toHaveCount(0);
    await expect(this.page.getByLabel(row).locator('option:checked')).toHaveText(answer);
  }

  /** What has to be ticked because it would be lost. */
  losses() {
    return this.page.getByRole('group', { name: 'Tick each loss that you intend' }).getByRole('checkbox');
  }

  /** Ticks every loss and asks for approval; gives the promotion's path. */
  async request(): Promise<string> {
    for (const tick of await this.losses().all()) await tick.check();
    await this.page.getByRole('button', { name: 'Request approval' }).click();
    await this.page.waitForURL(/\/promotions\/[0-9a-f-]+/);
    return new URL(this.page.url()).pathname;
  }
}
