// Package source turns what a user points at into streams of log text.
//
// Find walks the arguments and yields Inputs; Input.Streams unpacks one and
// yields its innermost Streams, with a Member for everything that was opened.
package source
