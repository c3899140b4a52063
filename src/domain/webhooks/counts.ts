/** What this process has sent to webhook endpoints, for the metrics. */
export class WebhookCounts {
  readonly attempts = { delivered: 0, retried: 0, failed: 0 }
  switchedOff = 0
}
