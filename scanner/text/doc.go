// Package text makes text of what a log says, which may be any bytes of any length, and
// borrowed.
//
// What comes out is valid UTF-8, so that it is the same behind JSON and back; a byte that
// was none is \xNN, which can be read back. It is bounded, and a cut falls between
// characters and shows. Nothing is made harmless for a terminal or a browser here: that
// is for whoever writes it (package report).
//
//	text.go    Clean, Valid, Shorten; Raw, which is what a report quotes of a record
//	recent.go  the same for texts that come again and again, without an allocation
//	keys.go    Keys of a map, in order, and Merge
package text
