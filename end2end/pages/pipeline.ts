import { expect, type Page } from '@playwright/test';

/** The home of the console. */
export class Pipeline {
  constructor(readonly page: Page) {}

  async open(): Promise<this> {
    await this.page.goto('/');
    await expect(this.stage('Production')).toBeVisible();
    return this;
  }

  stage(label: string) {
    return this.page.locator('article').filter({ has: this.page.getByRole('heading', { name: label }) });
  }
}
