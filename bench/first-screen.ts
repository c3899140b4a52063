import type { Browser, CDPSession } from 'playwright-core'

export interface FirstScreen {
  /** From the navigation until the first row has been painted, in milliseconds. */
  readonly painted: number
  /** How long the page's main thread was busy until then, in milliseconds of its processor. */
  readonly busy: number
}

/** Runs in the page: notes when the first row that can be opened has been painted. */
const watch = `new MutationObserver((_, observer) => {
  if (document.querySelector('[role=row] a') === null) return
  observer.disconnect()
  requestAnimationFrame(() => setTimeout(() => (globalThis.painted = performance.now())))
}).observe(document, { childList: true, subtree: true })`

/**
 * Opens the console in a context of its own, without anything in its cache, with the processor throttled. The page is one that Playwright does not
 * know: of its own pages it watches the network, for which the browser records a stack at each request, and compiles functions again to do so.
 * @param throttling how many times slower the page's main thread is
 */
export async function firstScreenOf(browser: Browser, url: string, throttling: number): Promise<FirstScreen> {
  const devtools = await browser.newBrowserCDPSession()
  const { browserContextId } = await devtools.send('Target.createBrowserContext')
  try {
    const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank', browserContextId, width: 1280, height: 900 })
    const { sessionId } = await devtools.send('Target.attachToTarget', { targetId })
    const page = pageOf(devtools, sessionId)
    await page.send('Page.enable')
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: watch })
    await page.send('Emulation.setCPUThrottlingRate', { rate: throttling })
    await page.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.send('Page.navigate', { url })
    const painted = await until(async () => {
      // proof: `evaluate` answers with the value of the expression
      const { result } = (await page.send('Runtime.evaluate', { expression: 'globalThis.painted' })) as { result: { value?: number } }
      return result.value ?? null
    })
    // proof: the metrics of the page, by name and in seconds
    const { metrics } = (await page.send('Performance.getMetrics')) as { metrics: { name: string; value: number }[] }
    return { painted, busy: (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000 }
  } finally {
    await devtools.send('Target.disposeBrowserContext', { browserContextId })
    await devtools.detach()
  }
}

/** Sends commands to a page through the session of the browser. */
function pageOf(devtools: CDPSession, sessionId: string) {
  let last = 0
  const waiting = new Map<number, (result: unknown) => void>()
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  return {
    async send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
      last += 1
      const answer = new Promise((resolve) => waiting.set(last, resolve))
      await devtools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method, params }) })
      return answer
    },
  }
}

async function until(found: () => Promise<number | null>): Promise<number> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const value = await found()
    if (value !== null) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The first row was not there within a minute.')
}
