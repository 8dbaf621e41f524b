// Package item says what the words of package finding take: in temporary runs (package
// spill), where hits, findings and ledger entries go that memory has no room for, and in
// memory, by which it is decided when they go.
//
// Code functions serve both ways, writing and reading, as spill.Coder wants it, and are
// for each field that JSON would write. Size functions estimate bytes: a constant for an
// ordinary item, and the texts that who writes a log can make as long as they like. Neither
// keeps anything, and both are safe for concurrent use on different items.
//
//	code.go  what items are made of
//	size.go  how much room they take
package item
