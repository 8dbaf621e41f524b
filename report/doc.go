// Package report turns findings into what people and programs read. One file
// holds one format; formats.go is the one list.
//
// A report is written in one pass: Begin with everything but the findings,
// Write for each finding in event-time order, Close. Writers hold no list of
// findings. Whatever comes from evidence is hostile and secret: it goes
// through safe.go for the place it goes to, and through redact.go.
package report
