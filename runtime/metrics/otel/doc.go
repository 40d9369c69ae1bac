// Package otel gives what metrics knows to OpenTelemetry: spans of calls (NewTracer), the parents under which queries repeat (Parent),
// and figures by observable instruments (Register). Distributions go by the package producer beside it, as OpenTelemetry's API has no
// observable histogram.
//
//	r := metrics.New(metrics.Options{Tracer: otel.NewTracer(provider, otel.Options{System: "postgresql"}), Parent: otel.Parent})
//	otel.Register(meters, r, otel.Options{System: "postgresql"})
//
// Names follow the semantic conventions 1.40. A query's name is its db.query.summary, and its span's name. Statements (db.query.text) are
// told where that is asked for alone; arguments never, and of errors the kind, as their texts may hold arguments.
package otel
