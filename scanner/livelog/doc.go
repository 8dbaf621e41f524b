// Package livelog finds out where a log that is still being written may be cut in two: what
// is before the cut was read for good, and the rest is read again when there is more of it.
//
// This asks for less than a format, and before one was recognised: it knows the shape of the
// lines that logs of containers and hosts have, and whose numbers say what belongs
// together. A log of any other shape is not cut.
//
//	cut.go   the last place at which nothing is torn apart
//	left.go  an unfinished line at the end
package livelog
