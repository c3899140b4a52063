import { context, propagation, trace } from '@opentelemetry/api'
import { traceSteps } from '../kernel/span.ts'
import { version } from '../kernel/version.ts'

/**
 * Sends traces to a collector, if the standard environment variables name one (`OTEL_EXPORTER_OTLP_ENDPOINT` or
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`); the others of the standard hold too. Where none is named, nothing of it is loaded.
 * @returns what sends the rest and ends it
 */
export async function startTracing(env: Readonly<Record<string, string | undefined>>): Promise<() => Promise<void>> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT']
  if (!endpoint || env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return async () => {}
  const [{ TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources, { W3CTraceContextPropagator }, contexts] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
      import('@opentelemetry/context-async-hooks'),
    ])
  const named = resources.resourceFromAttributes({ 'service.name': 'contact-gateway', 'service.version': version })
  const resource = named.merge(resources.detectResources({ detectors: [resources.envDetector] }))
  const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] })
  trace.setGlobalTracerProvider(provider)
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable())
  traceSteps(true)
  return () => provider.shutdown()
}
