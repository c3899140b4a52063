import { type Attributes, context, INVALID_SPAN_CONTEXT, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

let isTracing = false

/** The span that is used without tracing: it records nothing and costs nothing. */
const noStep = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)

/** Says whether steps are sent anywhere from now on. */
export function traceSteps(wanted: boolean): void {
  isTracing = wanted
}

/** Whether steps are sent anywhere. */
export function areStepsTraced(): boolean {
  return isTracing
}

/** One step of a trace: started before some work and ended after it, with everything that the work does inside. Without tracing it does nothing. */
export function inSpan<Result>(name: string, attributes: Attributes, work: (span: Span) => Promise<Result>): Promise<Result> {
  if (!isTracing) return work(noStep)
  return tracer().startActiveSpan(name, { attributes }, (span) => ending(span, work))
}

/**
 * A call of another system, such as a database, within a trace. Nothing where there is no trace that it is a part of: what runs by a timer would make one
 * of each poll.
 */
export function inClientSpan<Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> {
  if (!isTracing || trace.getActiveSpan() === undefined) return work()
  return tracer().startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, (span) => ending(span, work))
}

/** The first step of a request here; it goes on with the caller's trace, if the headers name one (`traceparent`). */
export function inServerSpan<Result>(name: string, headers: Headers, work: (span: Span) => Promise<Result>): Promise<Result> {
  if (!isTracing) return work(noStep)
  const caller = propagation.extract(context.active(), Object.fromEntries(headers))
  return tracer().startActiveSpan(name, { kind: SpanKind.SERVER }, caller, (span) => ending(span, work))
}

/** A step of work that does not wait for anything. */
export function inSyncSpan<Result>(name: string, work: () => Result): Result {
  if (!isTracing) return work()
  const span = tracer().startSpan(name)
  try {
    return work()
  } finally {
    span.end()
  }
}

function tracer() {
  return trace.getTracer('contact-gateway')
}

async function ending<Result>(span: Span, work: (span: Span) => Promise<Result>): Promise<Result> {
  try {
    return await work(span)
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' })
    throw error
  } finally {
    span.end()
  }
}
