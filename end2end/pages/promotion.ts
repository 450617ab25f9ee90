import { expect, type Page } from '@playwright/test';

/** One promotion: decide, run, read the result. */
export class Promotion {
  constructor(
    readonly page: Page,
    readonly path: string,
  ) {}

  async open(): Promise<this> {
    await this.page.goto(this.path);
    await expect(this.page.getByRole('heading', { level: 1 })).toContainText('Release');
    return this;
  }

  async approve(environment: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Approve', exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    const typed = dialog.getByLabel('Name of the environment');
    await expect(dialog.getByLabel('Comment')).toBeVisible();
    if (await typed.count()) await typed.fill(environment);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await expect(this.page.getByText('Approved, ready to run').first()).toBeVisible();
  }

  async reject(comment: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Reject', exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Comment').fill(comment);
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await expect(this.page.getByText('Rejected').first()).toBeVisible();
  }

  async run(): Promise<void> {
    await this.page.getByRole('link', { name: 'Start the run' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Start the run' }).click();
    await expect(this.page.getByRole('region', { name: 'Run', exact: true })).toBeVisible();
  }

  /** The banner that says what happened. */
  result() {
    return this.page.getByRole('region', { name: 'Result' });
  }
}
