import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test'
import { en, type Messages } from './messages'
import { failureOn } from './on-page'

/** A flow with a code, as an operator goes through it: what all flows have in common. */
export class FlowPage {
  readonly page: Page
  readonly words: Messages

  constructor(page: Page, words: Messages = en) {
    this.page = page
    this.words = words
  }

  /** The heading of the step that is shown. */
  title(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name, exact: true, level: 1 })
  }

  /** Waits for the step, or the result, with this heading. */
  shows(name: string | RegExp): Promise<void> {
    return expect(this.title(name)).toBeVisible()
  }

  asksForCode(): Promise<void> {
    return this.shows(this.words.flow.code.title)
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text)
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** Expects no button whose name starts with this. */
  lacksButton(name: string): Promise<void> {
    const begins = new RegExp(`^${name.replace(/[^\w\s]/g, '\\$&')}`)
    return expect(this.page.getByRole('button', { name: begins })).toHaveCount(0)
  }

  click(name: string): Promise<void> {
    return this.button(name).click()
  }

  get numberField(): Locator {
    return this.page.getByLabel(this.words.flow.phone.label)
  }

  get country(): Locator {
    return this.page.getByRole('combobox', { name: this.words.flow.phone.country })
  }

  get codeField(): Locator {
    return this.page.getByLabel(this.words.flow.code.label)
  }

  /** The dialog that a click opened. */
  get question(): Locator {
    return this.page.getByRole('alertdialog').or(this.page.getByRole('dialog'))
  }

  /** Clicks a button of that dialog. */
  answer(name: string): Promise<void> {
    return this.question.getByRole('button', { name }).click()
  }

  get failure(): Locator {
    return failureOn(this.page)
  }

  /** The current step of the stepper. */
  get currentStep(): Locator {
    return this.page.locator('[aria-current=step]')
  }

  /** The last announcement. */
  get announced(): Locator {
    return this.page.locator('main [role=status]').first()
  }

  reload() {
    return this.page.reload()
  }

  /** The code field takes focus when it appears: text typed elsewhere before that would end up in it. */
  async reloadCode(): Promise<void> {
    await this.page.reload()
    await expect(this.codeField).toBeFocused()
  }

  /** Asks for a code, sent to this number if one is given. */
  async send(number?: string): Promise<void> {
    if (number !== undefined) await this.numberField.fill(number)
    await this.click(this.words.flow.send)
  }

  sendAgain(): Promise<void> {
    return this.click(this.words.flow.again)
  }

  /** Enters the code and clicks the button that uses it. */
  async enter(code: string, button: string): Promise<void> {
    await this.codeField.fill(code)
    await this.click(button)
  }

  /** Checks the status of an unknown outcome. */
  checkNow(): Promise<void> {
    return this.click(this.words.flow.checking.checkNow)
  }
}

export class BindPage extends FlowPage {
  /** The flow in another browser. */
  static async in(browser: BrowserContext, memberId: string): Promise<BindPage> {
    const flow = new BindPage(await browser.newPage())
    await flow.open(memberId)
    return flow
  }

  open(memberId: string) {
    return this.page.goto(`/members/${memberId}/phone`)
  }

  /** Opens the flow and asks for a code. */
  async start(memberId: string, number = '91234567'): Promise<void> {
    await this.open(memberId)
    await this.send(number)
    await this.asksForCode()
  }

  changeNumber(): Promise<void> {
    return this.click(this.words.bind.changeNumber)
  }

  bind(code: string): Promise<void> {
    return this.enter(code, this.words.bind.bind)
  }

  isBound(): Promise<void> {
    return this.shows(/^Phone bound to/)
  }
}

export class EnablePage extends FlowPage {
  get nameField(): Locator {
    return this.page.getByLabel(this.words.enable.phone.name)
  }

  /** Its label contains the ID with its digits grouped. */
  get confirmation(): Locator {
    return this.page.locator('input[name=confirmation]')
  }

  /** The first step with this option, or the choice of an option. */
  async open(mode?: 'current' | 'new'): Promise<void> {
    const { choose, confirm, phone } = this.words.enable
    await this.page.goto(`/directory/enable${mode ? `?mode=${mode}` : ''}`)
    await this.shows(mode ? { current: confirm, new: phone }[mode].title : choose.title)
  }

  /** Chooses a new account and asks for a code, which goes to the account's own phone if no number is given. */
  async start(prefix = 'harbour-hq', number = ''): Promise<void> {
    await this.open('new')
    await this.nameField.fill(prefix)
    await this.send(number)
    await expect(this.codeField).toBeFocused()
  }

  changeNumber(): Promise<void> {
    return this.click(this.words.enable.changeNumber)
  }

  dryRun(): Promise<void> {
    return this.click(this.words.enable.dryRun.verb)
  }

  /** Confirms with the id of the account, and enables. */
  async enable(accountId: string, code?: string): Promise<void> {
    if (code !== undefined) await this.codeField.fill(code)
    await this.confirmation.fill(accountId)
    await this.click(this.words.enable.enable)
  }

  isDone(): Promise<void> {
    return this.shows(this.words.enable.done.title)
  }
}

export class NetworkPage extends FlowPage {
  /** Alibaba Cloud accepted the request. Exact, because the announcement starts the same. */
  get accepted(): Locator {
    return this.page.getByText(this.words.attach.waiting.accepted, { exact: true })
  }

  get cenField(): Locator {
    return this.page.getByLabel(this.words.attach.crossAccount.cen)
  }

  get ownerField(): Locator {
    return this.page.getByLabel(this.words.attach.crossAccount.owner)
  }

  /** One of the options for choosing a CEN, or one of the account's own CENs. */
  choice(name: string): Locator {
    return this.page.getByRole('radio', { name })
  }

  open(networkId: string) {
    return this.page.goto(`${placeOf(networkId)}/attach`)
  }

  async chooseCrossAccount({ cenId, ownerId }: { cenId: string; ownerId: string }): Promise<void> {
    await this.choice(this.words.attach.choose.crossAccount).check()
    await this.cenField.fill(cenId)
    await this.ownerField.fill(ownerId)
  }

  changeCen(): Promise<void> {
    return this.click(this.words.attach.code.change)
  }

  /** Checks whether the CEN fits, with the code if one is required. */
  async check(code?: string): Promise<void> {
    if (code !== undefined) await this.codeField.fill(code)
    await this.click(this.words.attach.check.verb)
  }

  /** Requests the attach, with the code if one is required. */
  async attach(code?: string): Promise<void> {
    if (code !== undefined) await this.codeField.fill(code)
    await this.click(this.words.attach.attachVerb)
  }

  detach(): Promise<void> {
    return this.click(this.words.attach.detach.verb)
  }
}

/** The page of an office network, whose id begins with its region. */
export const placeOf = (networkId: string) =>
  `/networks/${networkId.split('+')[0]}/${encodeURIComponent(networkId)}`

export const wrongOf = (code: string) => (code === '000000' ? '111111' : '000000')
